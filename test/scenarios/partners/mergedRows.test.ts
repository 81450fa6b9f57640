import {
	coupleRecords,
	coupleWithSurvivor,
	createAndCouple,
	deleteOther,
	listFailedRecords,
	matchCouple,
	restoreRecords,
	retryRecords,
	synchronizeWithSide,
} from '../../../engine';
import { CoupleRecords } from '../../../nodes/CoupleRecords/CoupleRecords.node';
import { SyncMapping } from '../../../nodes/SyncMapping/SyncMapping.node';
import type { Sandbox } from '../../../sandbox';
import { by, startLocalSystems } from '../../kit/n8nLocalSystems';
import { CRM_ROOT } from '../../kit/world';
import { runNode, useNewState } from '../../kit/workflow';
import { counters, createScene, type Scene } from '../deletions/scene';

let scene: Scene;
beforeEach(async () => (scene = await createScene(3)));
afterEach(() => scene.world.close());

const crm = () => scene.world.sandbox.crm;
const use = async <T>(work: (session: Awaited<ReturnType<Scene['world']['open']>>) => Promise<T>): Promise<T> => {
	const session = await scene.world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
};
const run = (more = {}) => scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true, ...more });
const codes = (jobs: Awaited<ReturnType<typeof run>>) => jobs.flatMap(({ failed }) => failed.map(({ errorCode }) => errorCode));
const idOf = (index: number) => String(scene.account(index)!['accountid']);
const customerId = (index: number) => String(scene.customer(index)!['id']);

/** As people do in CRM, by the service's own message. */
async function merge(sandbox: Sandbox, root: string, table: string, master: string, subordinate: string): Promise<void> {
	const entity = (id: string) => ({ [`${table}id`]: id, '@odata.type': `Microsoft.Dynamics.CRM.${table}` });
	const { status, body } = await sandbox.handle({
		method: 'POST',
		url: `${root}/api/data/v9.2/Merge`,
		headers: { authorization: `Bearer ${sandbox.login.token('crm')}`, 'content-type': 'application/json' },
		body: JSON.stringify({ Target: entity(master), Subordinate: entity(subordinate), PerformParentingChecks: false }),
	});
	if (status !== 204) throw new Error(`${status} ${body}`);
}
const mergeInto = (master: string, subordinate: string, table = 'account') =>
	merge(scene.world.sandbox, CRM_ROOT, table, master, subordinate);

describe('the account of a couple is merged into one that nobody has coupled', () => {
	let master: string;
	beforeEach(async () => {
		master = crm().insert('account', { name: 'Survivor', customertypecode: 11 });
		await mergeInto(master, idOf(0));
		scene.world.minutes(1);
		scene.writes();
	});

	test.each(['none', 'send', 'get', 'newest'] as const)('strategy %s: no edit goes into the dead row, no record is created, and it is told once', async (conflict) => {
		scene.editCustomer(0, { phoneNumber: '+44 1' });
		const preview = await run({ conflict, preview: true });
		expect(codes(preview)).toEqual(['PARTNER_MERGED']);
		const jobs = await run({ conflict });
		expect(codes(jobs)).toEqual(['PARTNER_MERGED']);
		expect(counters(jobs[0])).toEqual({ failed: 1 });
		expect(jobs[0]!.failed[0]!.message).toContain('Survivor');
		expect(jobs[0]!.failed[0]!.hint).toContain('Couple With Surviving Record');
		scene.editCustomer(0, { city: 'Leeds' });
		for (let more = 0; more < 3; more++) {
			scene.world.minutes(20);
			await run({ conflict });
		}
		expect((await scene.log()).filter(({ code }) => code === 'PARTNER_MERGED')).toHaveLength(1);
		expect(scene.writes()).toBe(0);
		expect([scene.customers().length, scene.accounts().length]).toEqual([3, 4]);
	}); // prettier-ignore

	test('whatever the filter: a mapping that reads inactive rows, too, takes nothing from the merged one and creates nothing from it', async () => {
		await scene.settings({ crmFilter: { conditions: [] }, onlyCoupled: false });
		crm().update('account', master, { customertypecode: 3 });
		const other = crm().insert('account', { name: 'Dead', customertypecode: 3 });
		await mergeInto(master, other);
		scene.world.minutes(1);
		const jobs = await run();
		expect(codes(jobs)).toContain('PARTNER_MERGED');
		expect(scene.customers().map(({ displayName }) => displayName)).not.toContain('Dead');
		await use(async (session) => {
			await createAndCouple(session, { mapping: 'CUSTOMER', side: 'crm', ids: [other] });
			await matchCouple(session, { mapping: 'CUSTOMER', side: 'crm', ids: [other], criteria: [{ bcField: 'displayName', crmField: 'name' }], createWhenNoMatch: true });
		}); // prettier-ignore
		expect(scene.customers().map(({ displayName }) => displayName)).not.toContain('Dead');
	});

	test('one step couples the customer with the surviving row, which a preview shows; edits arrive there then', async () => {
		scene.editCustomer(0, { phoneNumber: '+44 1' });
		await run();
		const listed = await use((session) => listFailedRecords(session, { mapping: 'CUSTOMER', limit: 10 }));
		expect(listed.rows[0]).toMatchObject({ actions: expect.arrayContaining(['coupleWithSurvivor', 'uncouple']) });
		const request = { mapping: 'CUSTOMER', side: 'businessCentral' as const, ids: [customerId(0)], initial: 'send' as const };
		// A row outside the filter is no partner, merged into or not.
		crm().update('account', master, { customertypecode: 3 });
		const dead = JSON.stringify(scene.account(0));
		const before = JSON.stringify([scene.accounts(), await scene.couplings()]);
		const preview = await use((session) => coupleWithSurvivor(session, { ...request, preview: true }));
		expect(preview.records).toMatchObject([{ outcome: 'coupled', view: { crm: { id: master } } }]);
		expect(JSON.stringify([scene.accounts(), await scene.couplings()])).toBe(before);
		const { records } = await use((session) => coupleWithSurvivor(session, request));
		expect(records).toMatchObject([{ outcome: 'coupled', view: { state: 'coupled', crm: { id: master } } }]);
		expect(crm().row('account', master)).toMatchObject({ telephone1: '+44 1', bcbi_companyid: scene.world.base.companyRowId });
		expect(JSON.stringify(scene.account(0))).toBe(dead);
		scene.editCustomer(0, { city: 'Leeds' });
		scene.world.minutes(1);
		expect(codes(await run())).toEqual([]);
		expect(crm().row('account', master)).toMatchObject({ address1_city: 'Leeds' });
		expect([scene.customers().length, scene.accounts().length]).toEqual([3, 4]);
		expect(await scene.failures()).toEqual([]);
	});

	test('by hand nothing reaches the dead row either: coupling, a side that wins, retry, restore, delete', async () => {
		const bcId = customerId(1);
		const dead = idOf(0);
		scene.editCustomer(0, { phoneNumber: '+44 1' });
		await use(async (session) => {
			await expect(coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId: dead, initial: 'send' })).rejects.toMatchObject({ code: 'PARTNER_MERGED' });
			for (const winner of ['businessCentral', 'crm'] as const)
				expect((await synchronizeWithSide(session, { mapping: 'CUSTOMER', side: 'crm', ids: [dead], winner })).records).toMatchObject([{ error: { code: 'PARTNER_MERGED' } }]);
			await retryRecords(session, { mapping: 'CUSTOMER', side: 'crm', ids: [dead] });
		});
		await run();
		scene.deleteCustomers(0);
		await use(async (session) => {
			expect((await deleteOther(session, { mapping: 'CUSTOMER', side: 'crm', ids: [dead] })).records).toMatchObject([{ outcome: 'refused', error: { code: 'PARTNER_MERGED' } }]);
			expect((await restoreRecords(session, { mapping: 'CUSTOMER', side: 'crm', ids: [dead] })).records).toMatchObject([{ outcome: 'failed', error: { code: 'PARTNER_MERGED' } }]);
		});
		for (const deletion of ['restore', 'deleteOther'] as const) await run({ deletion, findDeleted: 'now' });
		expect(scene.writes()).toBe(0);
		expect(scene.customers()).toHaveLength(2);
	}); // prettier-ignore
});

test('the survivor is coupled itself: both customers are named, nothing is moved; one is uncoupled, and the other may have it', async () => {
	await mergeInto(idOf(1), idOf(0));
	scene.editCustomer(0, { phoneNumber: '+44 1' });
	const [job] = await run();
	expect(job!.failed[0]!.message).toMatch(
		/merged into .*which is coupled with C000002 .*two records of Business Central share one CRM record/,
	);
	const request = { mapping: 'CUSTOMER', side: 'crm' as const, ids: [idOf(0)], initial: 'none' as const };
	const refused = await use((session) => coupleWithSurvivor(session, request));
	expect(refused.records).toMatchObject([
		{ outcome: 'refused', error: { code: 'PARTNER_MERGED', hint: expect.stringContaining('Uncouple') } },
	]);
	expect(await scene.couplings()).toHaveLength(3);
});

test('a row merged into a row that was merged since: the one that is left is named and coupled', async () => {
	const [middle, last] = ['Middle', 'Last'].map((name) => crm().insert('account', { name, customertypecode: 11 }));
	await mergeInto(middle!, idOf(0));
	await mergeInto(last!, middle!);
	scene.editCustomer(0, { phoneNumber: '+44 1' });
	expect((await run())[0]!.failed[0]!.message).toContain('Last');
	crm().update('account', last!, { customertypecode: 3 });
	const request = { mapping: 'CUSTOMER', side: 'crm' as const, ids: [idOf(0)], initial: 'send' as const };
	await use((session) => coupleWithSurvivor(session, request));
	expect(crm().row('account', last!)).toMatchObject({ telephone1: '+44 1' });
});

test('the store is lost: the row that was made for a customer and merged since is not taken for its partner', async () => {
	await mergeInto(crm().insert('account', { name: 'Survivor', customertypecode: 11 }), idOf(0));
	await use(async ({ store }) => await store.commit({ uncouple: await scene.couplings() }));
	const jobs = await run({ nothingCoupled: 'allowed' });
	expect(codes(jobs)).toContain('PARTNER_MERGED');
	expect([scene.customers().length, scene.accounts().length]).toEqual([3, 4]);
	expect(await scene.couplings()).toHaveLength(2);
});

test('through the nodes: the failure names the master, and Couple With Surviving Record does it in one step', async () => {
	const systems = await startLocalSystems();
	useNewState();
	try {
		const { sandbox, base, company } = systems;
		const there = sandbox.businessCentral.company(base.companyName);
		const customer = there.insert('customers', { displayName: 'Adatum' });
		const vault = systems.vault();
		const sync = (options = {}) => runNode(SyncMapping, { company, mapping: by('name', 'CUSTOMER'), options: { createUncoupled: true, ...options } }, { credentials: vault }); // prettier-ignore
		await sync();
		const dead = String(sandbox.crm.rows('account')[0]!['accountid']);
		const master = sandbox.crm.insert('account', { name: 'Adatum Corporation', customertypecode: 11 });
		await merge(sandbox, CRM_ROOT, 'account', master, dead);
		there.update('customers', String(customer['id']), { phoneNumber: '1' });
		expect((await sync()).json[1]).toMatchObject([{ errorCode: 'PARTNER_MERGED', message: expect.stringContaining('Adatum Corporation') }]);
		sandbox.crm.update('account', master, { customertypecode: 3 });
		const survivor = (more = {}) =>
			runNode(CoupleRecords, { company, operation: 'coupleWithSurvivor', mapping: by('name', 'CUSTOMER'), side: 'businessCentral', businessCentralRecord: by('id', String(customer['id'])), initialWithSurvivor: 'send', ...more }, { credentials: vault }); // prettier-ignore
		expect((await survivor({ preview: true })).json[0]).toMatchObject([{ outcome: 'coupled' }]);
		expect(sandbox.crm.row('account', master)).toMatchObject({ name: 'Adatum Corporation' });
		expect((await survivor()).json[0]).toMatchObject([{ outcome: 'coupled', crm: { id: master } }]);
		expect(sandbox.crm.row('account', master)).toMatchObject({ name: 'Adatum', telephone1: '1' });
		expect((await sync()).json[1]).toEqual([]);
		expect([there.rows('customers').length, sandbox.crm.rows('account').length]).toEqual([1, 2]);
	} finally {
		await systems.close();
	}
});
