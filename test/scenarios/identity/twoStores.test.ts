import { createAndCouple, runFullSync, uncouple } from '../../../engine';
import { codes, counts, openStage, type OtherStore, type Stage } from './kit';

let stage: Stage;
let a: OtherStore;
let b: OtherStore;
beforeEach(async () => {
	stage = await openStage();
	a = await stage.store();
	b = await stage.store();
});
afterEach(() => stage.close());

const fullSync = (store: OtherStore, bothSides: 'matchFirst' | 'createAll' = 'matchFirst') => {
	stage.world.minutes(15);
	return store.use((session) => runFullSync(session, { afterwards: 'keep', bothSides, mappings: ['CUSTOMER'], ignoreDependencies: true }));
};
const pairs = async (store: OtherStore): Promise<string[]> => (await store.couplings()).map(({ bcId, crmId }) => `${bcId} ${crmId}`).sort();

test('two stores in turn, full synchronizations and runs that create: as many records as people entered, and the same couples in both', async () => {
	stage.customer('Adatum');
	stage.account('Blue Yonder');
	await fullSync(a);
	await fullSync(b);
	for (let round = 1; round <= 4; round++) {
		stage.customer(`Customer ${round}`);
		stage.account(`Account ${round}`);
		await stage.run(round % 2 ? a : b);
		await stage.run(round % 2 ? b : a);
	}
	await stage.run(a);
	expect([stage.customers().length, stage.accounts().length]).toEqual([10, 10]);
	const names = stage.names();
	expect(names.crm).toEqual(names.businessCentral);
	expect(await pairs(b)).toEqual(await pairs(a));
	expect(await pairs(a)).toHaveLength(10);
});

test('two stores in turn without any full synchronization, both directions: n and n, and a quiet run writes nothing', async () => {
	for (let round = 1; round <= 3; round++) {
		stage.customer(`Customer ${round}`);
		stage.account(`Account ${round}`);
		await stage.run(a);
		await stage.run(b);
	}
	expect([stage.customers().length, stage.accounts().length]).toEqual([6, 6]);
	expect(await pairs(b)).toEqual(await pairs(a));
	await stage.run(a);
	await stage.run(b);
	stage.world.takeRequests();
	await stage.run(a);
	await stage.run(b);
	expect(stage.world.takeRequests().reduce((sum, { writes }) => sum + writes, 0)).toBe(0);
});

test('a fresh store and a run that creates: 12 and 12 stay 12 and 12, whoever entered the records', async () => {
	for (let number = 1; number <= 6; number++) {
		stage.customer(`Customer ${number}`);
		stage.account(`Account ${number}`);
	}
	await stage.run(a);
	expect([stage.customers().length, stage.accounts().length]).toEqual([12, 12]);
	const preview = await stage.run(b, 'CUSTOMER', { preview: true, returnChanges: 50 });
	expect(counts(preview)[0]).toBe('toCrm: coupled 12');
	expect(preview[0]!.changes.map(({ action, crm }) => `${action} ${crm ? 'with' : 'without'} a partner`)).toEqual(
		Array.from({ length: 12 }, () => 'couple with a partner'),
	);
	expect(counts(await stage.run(b))).toEqual(['toCrm: coupled 12', 'fromCrm: nothing']);
	expect([stage.customers().length, stage.accounts().length]).toEqual([12, 12]);
	expect(await pairs(b)).toEqual(await pairs(a));
});

test('a fresh store that only brings records from CRM meets the customers that accounts were made of, renamed or not', async () => {
	for (let number = 1; number <= 4; number++) stage.customer(`Customer ${number}`);
	stage.account('Account 5');
	await stage.run(a);
	const renamed = stage.accounts().find((row) => row['name'] === 'Customer 2')!;
	stage.world.sandbox.crm.update('account', String(renamed['accountid']), { name: 'Another name' });
	const preview = await stage.run(b, 'CUSTOMER', { direction: 'fromCrm', preview: true });
	expect(counts(preview)).toEqual(['fromCrm: coupled 5']);
	expect(counts(await stage.run(b, 'CUSTOMER', { direction: 'fromCrm' }))).toEqual(['fromCrm: coupled 5']);
	expect([stage.customers().length, stage.accounts().length]).toEqual([5, 5]);
	expect(await pairs(b)).toEqual(await pairs(a));
});

test('where the sides differ when a partner is met, Business Central counts as at a first synchronization, and the log says what was replaced', async () => {
	const customer = stage.customer('Adatum', { phoneNumber: '1' });
	await stage.run(a);
	stage.world.sandbox.crm.update('account', String(stage.accounts()[0]!['accountid']), { telephone1: '2' });
	expect(counts(await stage.run(b))).toEqual(['toCrm: coupled 1', 'fromCrm: nothing']);
	expect([stage.accounts()[0]!['telephone1'], stage.customers()[0]!['phoneNumber']]).toEqual(['1', '1']);
	const log = await b.use(async ({ store }) => (await store.log({ limit: 10 })).rows);
	expect(log.filter(({ code }) => code === 'REPLACED_AT_FIRST').flatMap(({ fields }) => fields)).toEqual([
		{ name: 'Phone No.', businessCentral: '1', crm: '2' },
	]);
	expect(customer.id).toBeDefined();
});

test('met in a run that only goes to CRM while CRM wins: its values arrive with the next run in the other direction', async () => {
	stage.customer('Adatum', { phoneNumber: '1' });
	await stage.run(a);
	stage.world.sandbox.crm.update('account', String(stage.accounts()[0]!['accountid']), { telephone1: '2' });
	await b.use(async ({ store }) => store.saveSettings('CUSTOMER', { conflict: 'get' }));
	await stage.run(b, 'CUSTOMER', { direction: 'toCrm' });
	expect(stage.accounts()[0]!['telephone1']).toBe('2');
	await stage.run(b, 'CUSTOMER', { direction: 'fromCrm' });
	expect([stage.accounts()[0]!['telephone1'], stage.customers()[0]!['phoneNumber']]).toEqual(['2', '2']);
});

test('people parted the two: each gets a partner of its own, under an id that is not the old one, and again after parting once more', async () => {
	const customer = stage.customer('Adatum');
	await stage.run(a);
	const first = String(stage.accounts()[0]!['accountid']).toLowerCase();
	await a.use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [customer.id] }));
	stage.world.minutes(3 * 24 * 60);
	await stage.run(a, 'CUSTOMER', { direction: 'toCrm', fromStart: true });
	expect(stage.accounts()).toHaveLength(2);
	const [second] = (await a.couplings()).map(({ crmId }) => crmId);
	expect(second).not.toBe(first);
	await a.use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [customer.id] }));
	await stage.run(a, 'CUSTOMER', { direction: 'toCrm', fromStart: true });
	expect(stage.accounts()).toHaveLength(3);
	// A store that knows nothing of it takes the newest.
	const [third] = (await a.couplings()).map(({ crmId }) => crmId);
	await stage.run(b, 'CUSTOMER', { direction: 'toCrm' });
	expect((await b.couplings()).map(({ crmId }) => crmId)).toEqual([third]);
	expect(stage.accounts()).toHaveLength(3);
});

test('create and couple by hand with another store meets what is there', async () => {
	const customer = stage.customer('Adatum');
	await stage.run(a);
	const result = await b.use((session) => createAndCouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ids: [customer.id] }));
	expect([result.job.inserted, result.job.coupled]).toEqual([0, 1]);
	expect(await pairs(b)).toEqual(await pairs(a));
});

test('a full synchronization that creates all meets what another store made', async () => {
	stage.customer('Adatum');
	stage.account('Blue Yonder');
	await stage.run(a);
	await fullSync(b, 'createAll');
	expect([stage.customers().length, stage.accounts().length]).toEqual([2, 2]);
	expect(await pairs(b)).toEqual(await pairs(a));
});

test('both stores restore what was deleted in Business Central: one customer', async () => {
	const customer = stage.customer('Adatum', { email: 'a@adatum.example' });
	await stage.run(a);
	await stage.run(b);
	stage.world.sandbox.businessCentral.company(stage.world.base.companyName).remove('customers', customer.id);
	for (const store of [a, b, a, b]) {
		stage.world.minutes(15);
		const results = await stage.run(store, 'CUSTOMER', { deletion: 'restore', findDeleted: 'now' });
		expect(codes(results)).toEqual([]);
	}
	expect([stage.customers().length, stage.accounts().length]).toEqual([1, 1]);
	expect(await pairs(b)).toEqual(await pairs(a));
});

test('both stores restore what was deleted in CRM: one account, under its old id', async () => {
	stage.customer('Adatum');
	await stage.run(a);
	await stage.run(b);
	const [{ accountid }] = stage.accounts() as [Record<string, unknown>];
	stage.world.minutes(5);
	stage.world.sandbox.crm.remove('account', String(accountid));
	for (const store of [a, b, a, b]) await stage.run(store, 'CUSTOMER', { deletion: 'restore', findDeleted: 'now' });
	expect(stage.accounts().map((row) => row['accountid'])).toEqual([accountid]);
	expect(await pairs(b)).toEqual(await pairs(a));
});
