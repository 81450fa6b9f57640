import { matchCouple } from '../../../engine';
import type { SyncSession } from '../../../engine/ports/session';
import { within } from '../fullSync/fullSyncs';
import { agreement, createResources, type Resources } from '../pages/resources';
import { asked, offer } from './worlds';

/** Records get other ids only while nobody may be looking up the old ones. */
const MAPPING = 'RESOURCES';
const DAY = 24 * 60;

let at: Resources;
let session: SyncSession;
beforeEach(async () => {
	at = await createResources(2);
	session = await at.world.open();
});
afterEach(async () => {
	await session.store.close();
	await at.close();
});

const ids = async (): Promise<string[]> => (await at.couplings()).map(({ bcId }) => bcId).sort();
const sums = async (): Promise<string[]> =>
	(await at.world.run({ mapping: MAPPING })).map(
		({ job }) => `${job.direction} ${job.inserted}/${job.modified}/${job.failed} ${job.status}`,
	);

test('while another mapping is being run the records keep their keys, and are read by these from the extension; the next run moves them', async () => {
	await at.world.run({ mapping: MAPPING });
	offer(at.world, 'both');
	at.world.minutes(DAY);
	const lease = (await session.store.acquireLease('CUSTOMER', 'nightly', 3_600_000))!;
	at.editResource('R0', { Name: 'Meanwhile' });
	asked(at.world);
	expect(await sums()).toEqual(['toCrm 0/1/0 finished', 'fromCrm 0/0/0 finished']);
	expect(asked(at.world)).toMatchObject({ pages: 0 });
	expect(await ids()).toEqual(['p0', 'p1', 'r0', 'r1']);
	await session.store.releaseLease(lease);
	at.world.minutes(1);
	expect(await sums()).toEqual(['toCrm 0/0/0 finished', 'fromCrm 0/0/0 finished']);
	expect((await ids()).filter((id) => id.length < 36)).toEqual([]);
	expect(agreement(at)).toContain('R0 | Meanwhile | Installer');
});

test('where the extension is gone, a run that cannot move its records says whom it waits for, and does nothing', async () => {
	offer(at.world, 'both');
	await at.world.run({ mapping: MAPPING });
	const before = await ids();
	at.world.sandbox.businessCentral.uninstallExtension();
	at.world.minutes(DAY);
	const holder = { what: 'workflow "Nightly"', host: 'n8n-1', pid: 12, process: null };
	const lease = (await session.store.acquireLease('CUSTOMER', 'nightly', 3_600_000, { holder }))!;
	await expect(at.world.run({ mapping: MAPPING })).rejects.toMatchObject({
		code: 'MAPPING_BUSY',
		errorClass: 'transient',
		message: expect.stringContaining('workflow "Nightly"') as string,
	});
	expect(await ids()).toEqual(before);
	await session.store.releaseLease(lease);
	expect(await sums()).toEqual(['toCrm 0/0/0 finished', 'fromCrm 0/0/0 finished']);
	expect(await ids()).toEqual(['p0', 'p1', 'r0', 'r1']);
});

test('coupling by values goes by what the environment offers now, whichever way that changed since the last run', async () => {
	offer(at.world, 'both');
	await at.world.run({ mapping: MAPPING, direction: 'fromCrm' });
	const couple = () =>
		within(at.world, (each) => matchCouple(each, { mapping: MAPPING, criteria: [{ bcField: 'No', crmField: 'employeeid' }] }));
	at.world.sandbox.crm.insert('contact', { employeeid: 'R0', lastname: 'By number' });
	at.world.sandbox.businessCentral.uninstallExtension();
	at.world.minutes(DAY);
	expect((await couple()).job.job).toMatchObject({ status: 'finished', coupled: 1 });
	expect(await ids()).toEqual(['p0', 'p1', 'r0']);
	at.world.sandbox.crm.insert('contact', { employeeid: 'R1', lastname: 'By number, too' });
	offer(at.world, 'both');
	at.world.minutes(DAY);
	expect((await couple()).job.job).toMatchObject({ status: 'finished', coupled: 1 });
	expect((await ids()).filter((id) => id.length < 36)).toEqual([]);
});

test('a record that was deleted before the move, or after it, is found missing as in any table; none that is there is', async () => {
	await at.world.run({ mapping: MAPPING });
	at.world.minutes(1);
	at.removeResource('R0');
	offer(at.world, 'both');
	at.world.minutes(DAY);
	const missing = async () => {
		const results = await at.world.run({ mapping: MAPPING, findDeleted: 'now', allowMassChanges: true });
		return results.flatMap(({ failed }) => failed).map(({ errorCode, crm }) => `${errorCode} ${crm!.name}`);
	};
	expect(await missing()).toEqual(['PARTNER_DELETED Resource 0']);
	const [resource] = at.resources().filter(({ No }) => No === 'R1');
	at.removeResource(String(resource!['No']));
	at.world.minutes(1);
	expect((await missing()).sort()).toEqual(['PARTNER_DELETED Resource 0', 'PARTNER_DELETED Resource 1']);
	expect(at.contacts()).toHaveLength(4);
});
