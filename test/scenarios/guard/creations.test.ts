import { createAndCouple, runFullSync } from '../../../engine';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { createScene, range, type Scene } from '../deletions/scene';

/** Creations of a day have a limit of their own, far above what normal work comes to. */

let scene: Scene;
beforeEach(async () => {
	scene = await createScene(5);
	await scene.settings({ massChange: { creations: 25 } });
	scene.world.minutes(25 * 60);
});
afterEach(() => scene.world.close());

const run = (more: Partial<RunRequest> = {}) => scene.world.run({ mapping: 'CUSTOMER', createUncoupled: true, pageSize: 10, ...more });
let series = 0;
const newCustomers = (count: number): string[] => {
	const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
	const name = `N${++series}`;
	const numbers = range(count).map((index) => `${name}${String(index).padStart(3, '0')}`);
	company.seed(
		'customers',
		numbers.map((number) => ({ number, displayName: `New ${number}`, blocked: '_x0020_' })),
	);
	const ids = new Map(company.rows('customers').map((row) => [String(row['number']), String(row['id'])]));
	return numbers.map((number) => ids.get(number)!);
};

test('the run stops at the page that goes over the limit, the next one before its first record, and a day later it goes on', async () => {
	newCustomers(40);
	// Two pages of ten are within the limit, the third one is not.
	const [stopped] = await run();
	expect(stopped!.job).toMatchObject({ status: 'stopped', inserted: 20 });
	expect(stopped!.job.message).toContain('create 10 records');
	expect(stopped!.job.message).toContain('more than 25 a day');
	expect(stopped!.job.message).toContain('20 were created in the last 24 hours');
	expect(stopped!.job.message).toContain('Before it stopped, this run changed 20 records.');
	expect(stopped!.failed[0]).toMatchObject({ errorCode: 'MASS_CHANGE', hint: expect.stringContaining('Full Sync') as string });
	expect(scene.accounts()).toHaveLength(25);
	scene.world.minutes(60);
	expect((await run())[0]!.job).toMatchObject({
		status: 'stopped',
		inserted: 0,
		message: expect.stringContaining('Nothing was changed.') as string,
	});
	scene.world.minutes(24 * 60);
	expect((await run())[0]!.job).toMatchObject({ status: 'finished', inserted: 20 });
	expect(scene.accounts()).toHaveLength(45);
});

test('five now and five then: creations of all runs of a day count, in both directions', async () => {
	for (const _ of range(4)) {
		newCustomers(5);
		expect((await run())[0]!.job).toMatchObject({ status: 'finished', inserted: 5 });
		scene.world.minutes(60);
	}
	scene.world.sandbox.crm.seed(
		'account',
		range(6).map((index) => ({ name: `CRM ${index}`, customertypecode: 3, statecode: 0 })),
	);
	const [, fromCrm] = await run({ pageSize: 50 });
	expect(fromCrm!.job).toMatchObject({ status: 'stopped', inserted: 0, message: expect.stringContaining('create 6 records') as string });
});

test('what a person asks for by name, or with Full Sync, does not count and is not stopped', async () => {
	newCustomers(25);
	expect((await run())[0]!.job).toMatchObject({ status: 'finished', inserted: 25 });
	const ids = newCustomers(30);
	const session = await scene.world.open();
	const created = await createAndCouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids });
	expect(created.job).toMatchObject({ status: 'finished', inserted: 30 });
	newCustomers(40);
	const jobs = await runFullSync(session, { mappings: ['CUSTOMER'], ignoreDependencies: true, afterwards: 'keep', bothSides: 'createAll' });
	await session.store.close();
	expect(jobs[0]!.job).toMatchObject({ status: 'finished', inserted: 40 });
	newCustomers(1);
	expect((await run())[0]!.job).toMatchObject({ status: 'stopped', inserted: 0 });
});

test('allowed once, the day begins again', async () => {
	newCustomers(40);
	await run();
	expect((await run({ allowMassChanges: true }))[0]!.job).toMatchObject({ status: 'finished', inserted: 20 });
	newCustomers(25);
	expect((await run())[0]!.job).toMatchObject({ status: 'finished', inserted: 25 });
});

test('records that cannot be created are not counted', async () => {
	const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
	company.seed(
		'customers',
		range(40).map((index) => ({ number: `X${index}`, displayName: `Lacks ${index}`, blocked: '_x0020_', currencyCode: 'XXX' })),
	);
	newCustomers(5);
	const [first] = await run();
	expect(first!.job).toMatchObject({ status: 'finished', failed: 40, inserted: 5 });
	expect(first!.failed[0]).toMatchObject({ errorCode: 'DEPENDENCY' });
	expect((await run())[0]!.job).toMatchObject({ status: 'finished', inserted: 0 });
	expect(scene.accounts()).toHaveLength(10);
});

test('a preview is stopped like the run, and counts nothing', async () => {
	newCustomers(20);
	for (const _ of range(2)) expect((await run({ preview: true }))[0]!.job).toMatchObject({ status: 'finished', inserted: 20 });
	expect((await run())[0]!.job).toMatchObject({ status: 'finished', inserted: 20 });
	newCustomers(6);
	expect((await run({ preview: true }))[0]!.job).toMatchObject({ status: 'stopped', inserted: 0 });
});

test('deletions and creations do not count together', async () => {
	newCustomers(25);
	await run();
	scene.deleteAccounts(0, 1);
	expect((await run({ findDeleted: 'now', deletion: 'deleteOther' }))[0]!.job).toMatchObject({ status: 'finished', deleted: 2 });
});
