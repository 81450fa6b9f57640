import { runFullSync } from '../../../engine';
import { matchBeforeCreating, reviewMatches } from '../../../engine/coupling/firstSync';
import { coupleRecords } from '../../../engine/coupling/couple';
import { createSetting, type Setting } from './setting';

let setting: Setting;
beforeEach(async () => {
	setting = await createSetting();
	for (const mapping of ['SALESPEOPLE', 'CURRENCY']) await setting.world.run({ mapping, createUncoupled: true });
	setting.world.takeRequests();
});
afterEach(() => setting.world.close());

const run = (more: { bothSides?: 'matchFirst' | 'createAll'; preview?: boolean } = {}) =>
	setting.use((session) => runFullSync(session, { mappings: ['CUSTOMER'], afterwards: 'keep', ...more }));
const review = () => setting.use((session) => reviewMatches(session, 'CUSTOMER'));
const customers = () => setting.world.sandbox.businessCentral.company(setting.world.base.companyName).rows('customers');
const accounts = () => setting.world.sandbox.crm.rows('account');

/** One true pair, one customer and one account on their own, and a customer that fits two accounts. */
function seed(): { twins: string[]; same: string } {
	setting.customer('C1', { displayName: 'One', email: 'one@example.com', city: 'London' });
	setting.account('ONE', { emailaddress1: 'one@example.com', address1_city: 'Paris' });
	setting.customer('C2', { displayName: 'Only in Business Central' });
	setting.account('Only in CRM');
	const same = setting.customer('C3', { displayName: 'Same' });
	return { same, twins: [setting.account('Same'), setting.account('Same')] };
}

test('the review counts what matching first and creating the rest would do, and writes nothing', async () => {
	seed();
	expect(await review()).toEqual({
		mapping: 'CUSTOMER',
		matched: 1,
		ambiguous: 1,
		createdInCrm: 1,
		createdInBusinessCentral: 1,
		leftAlone: 3,
	});
	expect(setting.writes()).toBe(0);
	expect(await setting.couplings()).toEqual([]);
});

test('match first, the default, couples the pair, creates the rest on both sides, and leaves the ambiguous ones alone and reported', async () => {
	const { twins, same } = seed();
	const announced = await review();
	const results = await run();
	const [matching, toCrm, fromCrm] = results;
	expect(matching!.job).toMatchObject({ type: 'coupling', coupled: announced.matched, failed: announced.ambiguous });
	expect(matching!.failed).toEqual([
		expect.objectContaining({ errorCode: 'SEVERAL_MATCHES', businessCentral: expect.objectContaining({ id: same, number: 'C3' }) }),
	]);
	expect(toCrm!.job).toMatchObject({ type: 'fullSynchronization', inserted: announced.createdInCrm, failed: 0, skipped: 1 });
	expect(fromCrm!.job).toMatchObject({ inserted: announced.createdInBusinessCentral, failed: 0, skipped: 2 });
	expect([customers().length, accounts().length]).toEqual([4, 5]);
	const coupled = new Set((await setting.couplings()).flatMap(({ bcId, crmId }) => [bcId, crmId]));
	expect(coupled.size).toBe(6);
	for (const id of [same, ...twins]) expect(coupled.has(id)).toBe(false);
});

test('in a matched pair Business Central wins where no strategy says otherwise', async () => {
	seed();
	await run();
	expect(accounts().find((row) => row['emailaddress1'] === 'one@example.com')).toMatchObject({ name: 'One', address1_city: 'London' });
});

test('and CRM wins where the mapping says so', async () => {
	await setting.use((session) => session.store.saveSettings('CUSTOMER', { conflict: 'get' }));
	seed();
	await run();
	expect(customers().find((row) => row['number'] === 'C1')).toMatchObject({ displayName: 'ONE', city: 'Paris' });
});

test('create all makes partners for every record without a look', async () => {
	seed();
	const results = await run({ bothSides: 'createAll' });
	expect(results.map(({ job }) => job.type)).toEqual(['fullSynchronization', 'fullSynchronization']);
	expect(await setting.couplings()).toHaveLength(7);
	expect([customers().length, accounts().length]).toEqual([7, 7]);
});

test('a preview announces the very counters of the real run, and changes nothing', async () => {
	seed();
	const counters = (results: Awaited<ReturnType<typeof run>>) =>
		results.map(({ job }) => [job.type, job.direction, job.coupled, job.inserted, job.modified, job.skipped, job.failed]);
	const announced = await run({ preview: true });
	expect(setting.writes()).toBe(0);
	expect(await setting.couplings()).toEqual([]);
	expect((await setting.jobs()).filter(({ mapping }) => mapping === 'CUSTOMER')).toEqual([]);
	expect(counters(announced)).toEqual(counters(await run()));
});

test('a second full synchronization writes nothing: the ambiguous ones are reported again, nothing is created twice', async () => {
	seed();
	await run();
	setting.world.takeRequests();
	const [matching, toCrm, fromCrm] = await run();
	expect(setting.writes()).toBe(0);
	expect(matching!.job).toMatchObject({ coupled: 0, failed: 1 });
	expect([toCrm!.job.inserted, toCrm!.job.modified, fromCrm!.job.inserted, fromCrm!.job.modified]).toEqual([0, 0, 0, 0]);
});

test('once somebody couples the ambiguous one by hand, the other candidate is created', async () => {
	const { twins, same } = seed();
	await run();
	await setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId: same, crmId: twins[0]!, initial: 'send' }));
	const results = await run();
	expect(results.map(({ job }) => [job.type, job.inserted])).toEqual([
		['fullSynchronization', 0],
		['fullSynchronization', 1],
	]);
	expect(customers()).toHaveLength(5);
});

test('namesakes are told apart by their e-mail addresses', async () => {
	setting.customer('C1', { displayName: 'Same', email: 'one@example.com' });
	setting.customer('C2', { displayName: 'Same', email: 'two@example.com' });
	setting.account('Same', { emailaddress1: 'two@example.com' });
	setting.account('Same', { emailaddress1: 'one@example.com' });
	expect(await review()).toMatchObject({ matched: 2, ambiguous: 0, createdInCrm: 0, createdInBusinessCentral: 0, leftAlone: 0 });
});

test('own criteria replace those of the mapping', async () => {
	setting.customer('C1', { displayName: 'One', phoneNumber: '1' });
	setting.account('Another', { telephone1: '1' });
	const criteria = [{ bcField: 'phoneNumber', crmField: 'telephone1' }];
	expect(await review()).toMatchObject({ matched: 0 });
	expect(await setting.use((session) => reviewMatches(session, 'CUSTOMER', { criteria }))).toMatchObject({ matched: 1 });
	const first = await setting.use((session) => matchBeforeCreating(session, { mapping: 'CUSTOMER', criteria }));
	expect(first.jobs[0]!.job).toMatchObject({ coupled: 1 });
});

test('with nothing on the other side no coupling job is made, and the records there are not even read', async () => {
	setting.customer('C1');
	const results = await run();
	expect(results.map(({ job }) => job.type)).toEqual(['fullSynchronization', 'fullSynchronization']);
	expect((await setting.jobs()).filter(({ type }) => type === 'coupling')).toEqual([]);
	expect(accounts()).toHaveLength(1);
});

test('users who are salespeople already are recognized by their e-mail address', async () => {
	const { businessCentral, crm } = setting.world.sandbox;
	businessCentral
		.company(setting.world.base.companyName)
		.seed('salespeoplePurchasers', [{ code: 'NEW', displayName: 'N. W.', email: 'new@cronus.example' }]);
	crm.seed('systemuser', [
		{
			...{ systemuserid: '00000001-0000-4000-8000-000000000009', fullname: 'New Woman', internalemailaddress: 'New@cronus.example' },
			...{ isdisabled: false, islicensed: true, isintegrationuser: false },
		},
	]);
	expect(await setting.use((session) => reviewMatches(session, 'SALESPEOPLE'))).toMatchObject({
		matched: 1,
		createdInBusinessCentral: 0,
		createdInCrm: 0,
	});
});

test('when matching cannot be carried out, nothing is created', async () => {
	seed();
	await setting.use(async (session) => {
		await session.store.acquireLease('CUSTOMER', 'somebody else', 60_000);
		const results = await runFullSync(session, { mappings: ['CUSTOMER'], afterwards: 'keep' });
		expect(results.map(({ job }) => job.status)).toEqual(['alreadyRunning']);
	});
	expect(setting.writes()).toBe(0);
});
