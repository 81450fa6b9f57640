import { synchronizeAll } from '../../../engine';
import type { RunRequest } from '../../../engine/sync/contract/runRequest';
import { counters, createScene, range, type Scene } from '../deletions/scene';

/** A blank that takes the place of a value: one import that blanks a field of every record would blank it everywhere. */

let scene: Scene;
afterEach(() => scene.world.close());

const run = (more: Partial<RunRequest> = {}) => scene.world.run({ mapping: 'CUSTOMER', ...more });
const phones = (): unknown[] => scene.accounts().map((row) => row['telephone1']);

test('a phone number blanked in all 30 customers is emptied in no account, and in all once it is allowed', async () => {
	scene = await createScene(30);
	for (const index of range(30)) scene.editCustomer(index, { phoneNumber: '' });
	const before = phones();
	const results = await run();
	expect(results.map(({ job }) => [job.direction, job.status, job.modified])).toEqual([['toCrm', 'stopped', 0]]);
	expect(results[0]!.job.message).toContain('empty 30 of 30 coupled records of CUSTOMER (100 %)');
	expect(results[0]!.job.message).toContain('Nothing was changed.');
	expect(results[0]!.failed).toEqual([
		expect.objectContaining({ errorCode: 'MASS_CHANGE', hint: expect.stringContaining('Allow Mass Changes') as string }),
	]);
	expect([scene.writes(), phones()]).toEqual([0, before]);
	expect((await run({ allowMassChanges: true }))[0]!.job).toMatchObject({ status: 'finished', modified: 30 });
	expect(phones().every((phone) => phone === null || phone === undefined)).toBe(true);
	// What was allowed counts no more.
	scene.editCustomer(0, { phoneNumber: '+44 1' });
	scene.editCustomer(1, { email: '' });
	expect((await run())[0]!.job).toMatchObject({ status: 'finished', modified: 2 });
});

describe('12 of 40', () => {
	beforeEach(async () => {
		scene = await createScene(40);
	});

	const stops = async (more: Partial<RunRequest> = {}, words = 'empty 12 of 40'): Promise<void> => {
		const results = await run(more);
		const last = results.at(-1)!.job;
		expect(last).toMatchObject({ status: 'stopped', modified: 0, message: expect.stringContaining(words) as string });
	};

	test.each([
		['customers', 'phoneNumber'],
		['customers', 'addressLine1'],
		['customers', 'email'],
		['workflowCustomers', 'faxNumber'],
	])('texts of %s/%s', async (page, property) => {
		const company = scene.world.sandbox.businessCentral.company(scene.world.base.companyName);
		const edit = (index: number, value: string): void => {
			const row = company.rows(page).find((each) => each['number'] === scene.customer(index)!['number'])!;
			company.update(page, page === 'customers' ? String(row['id']) : String(row['number']), { [property]: value });
		};
		for (const index of range(40)) edit(index, `value ${index}`);
		await run({ allowMassChanges: true });
		scene.world.minutes(30);
		for (const index of range(12)) edit(index, '');
		await stops();
		expect((await run({ preview: true }))[0]!.job.status).toBe('stopped');
	});

	test('texts of spaces', async () => {
		for (const index of range(12)) scene.editCustomer(index, { phoneNumber: '   ' });
		await stops();
	});

	test('emptied in CRM: the way to Business Central stops, the other one has nothing to do', async () => {
		for (const index of range(12)) scene.editAccount(index, { telephone1: null });
		await stops();
		for (const index of range(12)) expect(scene.customer(index)).toMatchObject({ phoneNumber: `+44 20 ${index + 1}` });
	});

	test('a lookup: the currency of accounts that is cleared', async () => {
		for (const index of range(12)) scene.editAccount(index, { emailaddress1: null });
		await stops();
	});

	test('both directions count together', async () => {
		for (const index of range(6)) scene.editCustomer(index, { phoneNumber: '' });
		for (const index of range(6, 20)) scene.editAccount(index, { telephone1: null });
		const [toCrm, fromCrm] = await run();
		expect(toCrm!.job).toMatchObject({ status: 'finished', modified: 6 });
		expect(fromCrm!.job).toMatchObject({ status: 'stopped', modified: 0 });
		expect(fromCrm!.job.message).toContain('empty 6 of 40');
		expect(fromCrm!.job.message).toContain('6 were emptied in the last 24 hours');
		expect(fromCrm!.job.message).toContain('Before it stopped, this run changed 6 records.');
		expect(fromCrm!.job.message).not.toContain('Nothing was changed');
	});

	test('a field that travels one way', async () => {
		await scene.settings({ fields: { phoneNumber: { direction: 'toCrm' } } });
		for (const index of range(12)) scene.editCustomer(index, { phoneNumber: '' });
		await stops();
	});

	test('a number of Business Central that becomes 0 is a value like any other; blank in CRM is none', async () => {
		for (const index of range(40)) scene.editCustomer(index, { creditLimit: 500 });
		await run();
		scene.world.minutes(30);
		for (const index of range(12)) scene.editCustomer(index, { creditLimit: 0 });
		expect((await run())[0]!.job).toMatchObject({ status: 'finished', modified: 12 });
		expect(scene.account(0)).toMatchObject({ creditlimit: 0 });
	});

	test('a blank over a blank, and a value over a blank, take nothing away', async () => {
		for (const index of range(12)) scene.editCustomer(index, { website: `https://${index}.example` });
		expect((await run())[0]!.job).toMatchObject({ status: 'finished', modified: 12 });
		for (const index of range(20)) scene.editAccount(index, { websiteurl: null });
		scene.world.minutes(30);
		for (const index of range(12, 20)) scene.editCustomer(index, { addressLine1: `Street ${index}` });
		await stops({}, 'empty 12 of 40');
	});

	test('in small portions over runs: the tenth of a day is refused, and comes a day later', async () => {
		for (const portion of [0, 1, 2]) {
			for (const index of range(3, 3 * portion)) scene.editCustomer(index, { phoneNumber: '' });
			expect((await run())[0]!.job).toMatchObject({ status: 'finished', modified: 3 });
			scene.world.minutes(60);
		}
		scene.editCustomer(20, { phoneNumber: '' });
		const [stopped] = await run();
		expect(stopped!.job).toMatchObject({ status: 'stopped', modified: 0 });
		expect(stopped!.job.message).toContain('empty 1 of 40');
		expect(stopped!.job.message).toContain('9 were emptied in the last 24 hours: C000001 Customer 1 & Söhne');
		scene.world.minutes(24 * 60);
		expect((await run())[0]!.job).toMatchObject({ status: 'finished', modified: 1 });
	});

	test('what comes page by page stops at the page that goes over, before any record of that page', async () => {
		for (const index of range(12)) scene.editCustomer(index, { phoneNumber: '' });
		for (const index of range(3, 30)) scene.editCustomer(index, { phoneNumber: '+44 30' });
		const results = await run({ pageSize: 5 });
		expect(results).toHaveLength(1);
		expect(results[0]!.job).toMatchObject({ status: 'stopped', modified: 5 });
		expect(results[0]!.job.message).toContain('empty 5 of 40');
		expect(results[0]!.job.message).toContain('5 were emptied in the last 24 hours: C000001');
		expect(results[0]!.job.message).toContain('Before it stopped, this run changed 5 records.');
		expect(phones().filter((phone) => phone === null || phone === undefined)).toHaveLength(5);
		const again = await run({ pageSize: 5 });
		expect(again[0]!.job).toMatchObject({
			status: 'stopped',
			modified: 0,
			message: expect.stringContaining('Nothing was changed.') as string,
		});
		// The way on that the message names.
		expect((await run({ pageSize: 5, allowMassChanges: true }))[0]!.job).toMatchObject({ status: 'finished', modified: 10 });
	});

	test('selected records, however small their pages', async () => {
		for (const index of range(12)) scene.editCustomer(index, { phoneNumber: '' });
		const ids = range(12).map((index) => String(scene.customer(index)!['id']));
		scene.writes();
		await stops({ selected: { side: 'businessCentral', ids }, pageSize: 5 });
		expect(scene.writes()).toBe(0);
	});

	test('Synchronize All Mappings stops this one, and runs the others', async () => {
		for (const index of range(12)) scene.editCustomer(index, { phoneNumber: '' });
		const session = await scene.world.open();
		const results = await synchronizeAll(session, {});
		await session.store.close();
		expect(results.filter(({ job }) => job.status === 'stopped').map(({ job }) => job.mapping)).toEqual(['CUSTOMER']);
	});

	test('a preview stops like the run, and counts nothing', async () => {
		for (const index of range(9)) scene.editCustomer(index, { phoneNumber: '' });
		for (const _ of range(2)) expect((await run({ preview: true }))[0]!.job).toMatchObject({ status: 'finished', modified: 9 });
		expect(counters((await run())[0])).toEqual({ modified: 9 });
		for (const index of range(3, 9)) scene.editCustomer(index, { phoneNumber: '' });
		await stops({ preview: true }, 'empty 3 of 40');
	});

	test('a run that empties nothing asks the services no more than one that may empty anything', async () => {
		const cost = async (allowMassChanges: boolean): Promise<number> => {
			scene.world.minutes(30);
			for (const index of range(30)) scene.editCustomer(index, { addressLine1: `Moved ${allowMassChanges ? 1 : 0} ${index}` });
			scene.world.takeRequests();
			expect((await run({ allowMassChanges }))[0]!.job).toMatchObject({ status: 'finished', modified: 30 });
			return scene.world.takeRequests().length;
		};
		const allowed = await cost(true);
		// One more asks whether the same records changed in CRM, as ever where more than nine did in Business Central.
		expect(await cost(false)).toBeLessThanOrEqual(allowed + 1);
	});
});
