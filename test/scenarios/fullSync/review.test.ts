import { seedCustomers } from '../../kit/customers';
import { dieAt } from '../../kit/killing';
import { createWorld, type World } from '../../kit/world';
import { jobs, review, run, within, writes } from './fullSyncs';

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

const lineOf = async (mapping: string, among?: string[]) => (await review(world, among)).find((line) => line.mapping === mapping)!;
const account = (name: string) => world.sandbox.crm.insert('account', { name, customertypecode: 3 });

test('the review has one line per enabled mapping, in the order in which they run, with waves; it counts, and reads and writes no record', async () => {
	seedCustomers(world, 3);
	const lines = await review(world);
	expect(lines.map(({ order }) => order)).toEqual(lines.map((_, index) => index + 1));
	const customer = lines.find(({ mapping }) => mapping === 'CUSTOMER')!;
	expect(customer).toMatchObject({ wave: 2, recordsBusinessCentral: 3, coupled: 0, status: 'blank', progress: null, toCrm: null });
	for (const name of customer.dependsOn) {
		const dependency = lines.find(({ mapping }) => mapping === name)!;
		expect([name, dependency.order < customer.order, dependency.wave < customer.wave]).toEqual([name, true, true]);
	}
	const requests = world.takeRequests().filter(({ system }) => system !== 'login');
	expect(writes(requests)).toBe(0);
	expect(requests.filter(({ path }) => /(customers|accounts|systemusers)\?/.test(path))).toEqual([]);
});

test('a disabled mapping has no line, and keeps nobody waiting', async () => {
	seedCustomers(world, 1);
	await within(world, (session) => session.store.saveSettings('CURRENCY', { enabled: false }));
	const lines = await review(world);
	expect(lines.map(({ mapping }) => mapping)).not.toContain('CURRENCY');
	const customers = lines.find(({ mapping }) => mapping === 'CUSTOMER')!;
	expect(customers).toMatchObject({ recommendation: 'fullSync' });
	expect(customers.dependsOn).toContain('SALESPEOPLE');
	expect(customers.dependsOn).not.toContain('CURRENCY');
});

test('no records on either side: no records; on one side: full sync; on both: couple first', async () => {
	expect(await lineOf('CUSTOMER')).toMatchObject({ recommendation: 'noRecords' });
	seedCustomers(world, 2);
	expect(await lineOf('CUSTOMER')).toMatchObject({ recommendation: 'fullSync', recordsBusinessCentral: 2, recordsCrm: 0 });
	account('Somebody');
	expect(await lineOf('CUSTOMER')).toMatchObject({ recommendation: 'coupleFirst', recordsCrm: 1 });
});

test('the review says what matching first would couple, create on either side, and leave alone', async () => {
	seedCustomers(world, 4);
	account('Customer 1 & Söhne');
	account('Customer 2 & Söhne');
	account('Customer 2 & Söhne');
	account('Only in CRM');
	const line = await lineOf('CUSTOMER');
	expect(line.matches).toMatchObject({ matched: 1, ambiguous: 1, createdInCrm: 2, createdInBusinessCentral: 1 });
	expect(line.message).toContain('couple 1 pairs, create 2 in CRM and 1 in Business Central');
	const before = await run(world);
	expect(before.find(({ job }) => job.type === 'coupling')?.job).toMatchObject({ coupled: 1 });
	expect(world.sandbox.crm.rows('account')).toHaveLength(4 + 2);
	expect(world.sandbox.businessCentral.company(world.base.companyName).rows('customers')).toHaveLength(4 + 1);
});

test('once all of one side are coupled, nothing is left to couple first', async () => {
	seedCustomers(world, 2);
	await run(world);
	account('Somebody');
	expect(await lineOf('CUSTOMER')).toMatchObject({ recommendation: 'fullSync', coupled: 2, recordsCrm: 3 });
});

test('users always become salespeople, and currencies recognize each other by their code: neither needs coupling first', async () => {
	world.sandbox.businessCentral.company(world.base.companyName).seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	world.sandbox.crm.insert('transactioncurrency', {
		isocurrencycode: 'EUR',
		currencyname: 'Euro',
		currencysymbol: '€',
		exchangerate: 1.25,
		currencyprecision: 2,
	});
	expect(await lineOf('SALESPEOPLE')).toMatchObject({ recommendation: 'fullSync' });
	expect(await lineOf('CURRENCY')).toMatchObject({ recommendation: 'fullSync' });
});

test('a mapping on its own waits for those it depends on, until they were synchronized or have couplings', async () => {
	seedCustomers(world, 1);
	const waiting = await lineOf('CUSTOMER', ['CUSTOMER']);
	expect(waiting.recommendation).toBe('dependencyNotSatisfied');
	expect(waiting.message).toContain('SALESPEOPLE and CURRENCY');
	await world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
	expect((await lineOf('CUSTOMER', ['CUSTOMER'])).message).toContain('Synchronize CURRENCY first');
	await run(world, { mappings: ['CURRENCY'] });
	expect((await lineOf('CUSTOMER', ['CUSTOMER'])).recommendation).toBe('fullSync');
});

test('after a run the lines have their jobs, statuses and progress', async () => {
	seedCustomers(world, 3);
	await run(world);
	const line = await lineOf('CUSTOMER');
	// Both began at the same moment of the virtual clock.
	const all = await jobs(world, 'CUSTOMER');
	const [to, from] = ['toCrm', 'fromCrm'].map((direction) => all.find((job) => job.direction === direction));
	expect(line).toMatchObject({ status: 'finished', progress: 100 });
	expect(line.toCrm).toMatchObject({ jobId: to!.id, status: 'success', done: 3, total: 3 });
	expect(line.fromCrm).toMatchObject({ jobId: from!.id, status: 'success', done: 3, total: 3 });
	expect(await lineOf('SALESPEOPLE')).toMatchObject({ status: 'finished', toCrm: null });
});

test('a line is in process while its run is alive, and stopped as soon as nobody runs it any more', async () => {
	seedCustomers(world, 30);
	const death = dieAt(25, 'before');
	await expect(Promise.race([run(world, { pageSize: 10 }, death.options), death.happened])).rejects.toThrow();
	const inProcess = (await review(world)).filter(({ status }) => status === 'inProcess');
	expect(inProcess).toHaveLength(1);
	world.minutes(3);
	expect(await lineOf(inProcess[0]!.mapping)).toMatchObject({ status: 'stopped' });
});
