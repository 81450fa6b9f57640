import { synchronizeAll } from '../../../engine';
import { disagreements, seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';
import { jobs, line, outcomes, restart, resume, review, run, within, writes } from './fullSyncs';

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const refuse = (url: RegExp) => world.sandbox.faults.add({ system: 'crm', url, times: 1000, fault: { kind: 'answer', status: 403 } });

test('mappings run one after the other in dependency order; bidirectional ones send first', async () => {
	seedCustomers(world, 2);
	const results = outcomes(await run(world));
	expect(results.slice(-2)).toEqual(['CUSTOMER toCrm finished', 'CUSTOMER fromCrm finished']);
	expect(results).toEqual(expect.arrayContaining(['SALESPEOPLE fromCrm finished', 'CURRENCY toCrm finished']));
	expect(await disagreements(world)).toEqual([]);
});

test('failed records put an error on their direction; the line is finished, and those that depend on it start', async () => {
	seedCustomers(world, 2);
	company().seed('currencies', [{ code: 'CHF', displayName: 'Swiss franc' }]);
	const results = await run(world);
	const currency = results.find(({ job }) => job.mapping === 'CURRENCY')!;
	expect(currency.job).toMatchObject({ status: 'finished', failed: 1 });
	expect(await line(world, 'CURRENCY')).toMatchObject({ status: 'finished', toCrm: { status: 'error' } });
	expect(outcomes(results)).toContain('CUSTOMER fromCrm finished');
});

test('a mapping does not start when one it depends on could not run; others do, and each says why', async () => {
	seedCustomers(world, 2);
	refuse(/transactioncurrencies/);
	const results = await run(world);
	expect(outcomes(results)).toEqual(expect.arrayContaining(['CURRENCY toCrm failed', 'SALESPEOPLE fromCrm finished', 'CUSTOMER - failed']));
	const customer = results.find(({ job }) => job.mapping === 'CUSTOMER')!;
	expect(customer.job.message).toContain('CUSTOMER was not started, because CURRENCY');
	expect(customer.failed).toEqual([expect.objectContaining({ errorCode: 'DEPENDENCY_NOT_SYNCHRONIZED', errorClass: 'setup' })]);
	expect(world.sandbox.crm.rows('account')).toEqual([]);
	expect(await jobs(world, 'CUSTOMER')).toEqual([]);
	expect(await line(world, 'CURRENCY')).toMatchObject({ status: 'error' });
	expect(await line(world, 'CUSTOMER')).toMatchObject({ status: 'blank' });
});

test('resuming when the cause is gone runs what could not run, and then what waited for it', async () => {
	seedCustomers(world, 2);
	refuse(/transactioncurrencies/);
	await run(world);
	world.sandbox.faults.clear();
	world.minutes(1);
	const results = outcomes(await resume(world));
	expect(results).toEqual(['CURRENCY toCrm finished', 'CUSTOMER toCrm finished', 'CUSTOMER fromCrm finished']);
	expect(await disagreements(world)).toEqual([]);
});

test('a selection whose dependencies were never synchronized is not started, unless told so', async () => {
	seedCustomers(world, 2);
	expect(outcomes(await run(world, { mappings: ['CUSTOMER'] }))).toEqual(['CUSTOMER - failed']);
	const results = await run(world, { mappings: ['CUSTOMER'], ignoreDependencies: true });
	expect(outcomes(results)).toEqual(['CUSTOMER toCrm finished', 'CUSTOMER fromCrm finished']);
	expect(results[0]!.job.inserted).toBe(2);
});

test('each mapping has a lease of its own: while somebody runs one, the others are synchronized and its line is left alone', async () => {
	seedCustomers(world, 2);
	await run(world);
	const before = await line(world, 'CUSTOMER');
	await within(world, async (session) => {
		expect(await session.store.acquireLease('CUSTOMER', 'somebody else', 60_000)).not.toBeNull();
		const results = outcomes(await run(world));
		expect(results).toEqual(
			expect.arrayContaining(['SALESPEOPLE fromCrm finished', 'CURRENCY toCrm finished', 'CUSTOMER toCrm alreadyRunning']),
		);
	});
	expect(await line(world, 'CUSTOMER')).toEqual(before);
});

test('the parent keeps "only coupled" as it was, unless the user chose to let scheduled runs create', async () => {
	seedCustomers(world, 1);
	const onlyCoupled = () => within(world, async (session) => (await session.store.settings()).get('CUSTOMER')?.onlyCoupled);
	await run(world);
	expect(await onlyCoupled()).toBeUndefined();
	await run(world, { afterwards: 'allowCreate' });
	expect(await onlyCoupled()).toBe(false);
	company().insert('customers', { displayName: 'Late comer' });
	world.minutes(1);
	await world.run({ mapping: 'CUSTOMER' });
	expect(world.sandbox.crm.rows('account')).toHaveLength(2);
});

test('restarting one mapping reads it from the start, writes nothing when all agree, and leaves the other lines alone', async () => {
	seedCustomers(world, 5);
	await run(world);
	const others = (await review(world)).filter(({ mapping }) => mapping !== 'CUSTOMER');
	const before = await line(world, 'CUSTOMER');
	world.minutes(5);
	world.takeRequests();
	const results = await restart(world, { mapping: 'CUSTOMER' });
	expect(writes(world.takeRequests())).toBe(0);
	expect(results.map(({ job }) => job.unchanged)).toEqual([5, 5]);
	expect((await review(world)).filter(({ mapping }) => mapping !== 'CUSTOMER')).toEqual(others);
	const after = await line(world, 'CUSTOMER');
	expect(after).toMatchObject({ status: 'finished', runId: before!.runId, choices: before!.choices });
	expect(after!.startedAt > before!.startedAt).toBe(true);
});

test('a new run begins anew: lines of mappings that do not take part are blank again', async () => {
	seedCustomers(world, 1);
	await run(world);
	await run(world, { mappings: ['CURRENCY'] });
	const statuses = Object.fromEntries((await review(world)).map(({ mapping, status }) => [mapping, status]));
	expect(statuses).toMatchObject({ CURRENCY: 'finished', CUSTOMER: 'blank', SALESPEOPLE: 'blank' });
});

test('all modified records are synchronized salespeople first, then currencies, customers, vendors and contacts; one that cannot start stops nobody', async () => {
	seedCustomers(world, 1);
	await run(world);
	await within(world, (session) => session.store.saveSettings('SALESPEOPLE', { direction: 'toCrm' }));
	const results = await within(world, (session) => synchronizeAll(session, {}));
	const ordered = outcomes(results).filter((each) => /^(SALESPEOPLE|CURRENCY|CUSTOMER|VENDOR|CONTACT) /.test(each));
	expect(ordered).toEqual([
		'SALESPEOPLE - failed',
		'CURRENCY toCrm finished',
		'CUSTOMER toCrm finished',
		'CUSTOMER fromCrm finished',
		'VENDOR toCrm finished',
		'VENDOR fromCrm finished',
		'CONTACT toCrm finished',
		'CONTACT fromCrm finished',
	]);
	expect(results[0]!.failed).toEqual([expect.objectContaining({ errorCode: 'NO_FIELDS' })]);
});

test('a preview keeps no line and no job, and writes nothing', async () => {
	seedCustomers(world, 3);
	world.takeRequests();
	const results = await run(world, { preview: true });
	expect(results.find(({ job }) => job.mapping === 'CUSTOMER' && job.direction === 'toCrm')?.job.inserted).toBe(3);
	expect(writes(world.takeRequests())).toBe(0);
	expect(new Set((await review(world)).map(({ status }) => status))).toEqual(new Set(['blank']));
	expect(await jobs(world, 'CUSTOMER')).toEqual([]);
});
