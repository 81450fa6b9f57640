import { sumOfCounters } from './sums';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';
import { run, within } from '../fullSync/fullSyncs';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	seedCustomers(world, 6);
});
afterEach(() => world.close());

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const customer = (index: number) => company().rows('customers')[index]!;
const edit = (index: number, values: Record<string, string>) => company().update('customers', String(customer(index)['id']), values);
const editAccount = (index: number, values: Record<string, string>) => {
	const name = customer(index)['displayName'];
	const account = world.sandbox.crm.rows('account').find((each) => each['name'] === name)!;
	world.sandbox.crm.update('account', String(account['accountid']), values);
};
const errorRows = (jobId: string) =>
	within(world, async (session) => (await session.store.log({ jobId, kind: 'error', limit: 1000 })).rows);

test('a full sync counts each record of both sides exactly once', async () => {
	const results = await run(world);
	const to = results.find(({ job }) => job.mapping === 'CUSTOMER' && job.direction === 'toCrm')!;
	const from = results.find(({ job }) => job.mapping === 'CUSTOMER' && job.direction === 'fromCrm')!;
	expect([to.job.inserted, sumOfCounters(to.job)]).toEqual([6, 6]);
	expect([from.job.unchanged, sumOfCounters(from.job)]).toEqual([6, 6]);
});

test('currencies that recognize each other count once', async () => {
	world.sandbox.crm.insert('transactioncurrency', {
		isocurrencycode: 'EUR',
		currencyname: 'Euro',
		currencysymbol: '€',
		exchangerate: 1.25,
		currencyprecision: 2,
	});
	const results = await run(world, { mappings: ['CURRENCY'] });
	expect(sumOfCounters(results[0]!.job)).toBe(company().rows('currencies').length);
});

test('changed, failed, skipped and unchanged records add up, and each failure has its row with both records, names and links', async () => {
	await run(world);
	world.minutes(60);
	edit(0, { phoneNumber: '+44 1' });
	edit(1, { phoneNumber: '+44 1632 960111' });
	editAccount(1, { telephone1: '+44 1632 960222' });
	company().seed('salespeoplePurchasers', [{ code: 'JO', displayName: 'Jim Olive' }]);
	edit(2, { salespersonCode: 'JO' });
	for (let round = 1; round <= 3; round++) {
		for (const { job, failed } of await world.run({ mapping: 'CUSTOMER', fromStart: true })) {
			expect([round, job.direction, sumOfCounters(job)]).toEqual([round, job.direction, 6]);
			const rows = await errorRows(job.id);
			expect(rows.filter(({ skipped }) => !skipped)).toHaveLength(job.failed);
			expect(rows).toHaveLength(failed.length);
			for (const row of rows) {
				expect(row.businessCentral).toMatchObject({
					number: expect.stringMatching(/^C00/) as string,
					url: expect.stringContaining('https://') as string,
				});
				expect(row.message).not.toBe('');
				expect(row.hint).not.toBe('');
			}
		}
		world.minutes(5);
	}
	const conflict = await within(world, async (session) =>
		(await session.store.log({ kind: 'error', limit: 1000 })).rows.find(({ code }) => code === 'CONFLICT')!,
	);
	expect(conflict.fields).toEqual([{ name: 'Phone No.', businessCentral: '+44 1632 960111', crm: '+44 1632 960222' }]);
	expect(conflict.crm).toMatchObject({ name: 'Customer 2 & Söhne', url: expect.stringContaining('main.aspx') as string });
});

test('a value that lost under a strategy is in the log with both values and both records', async () => {
	await run(world);
	world.minutes(60);
	edit(1, { phoneNumber: '+44 1' });
	editAccount(1, { telephone1: '+44 2' });
	const results = await world.run({ mapping: 'CUSTOMER', conflict: 'send' });
	expect(results.map(({ job }) => job.failed)).toEqual([0, 0]);
	const { rows } = await within(world, (session) => session.store.log({ kind: 'overwritten', limit: 10 }));
	expect(rows).toEqual([
		expect.objectContaining({
			direction: 'toCrm',
			fields: [{ name: 'Phone No.', businessCentral: '+44 1', crm: '+44 2' }],
			businessCentral: expect.objectContaining({ number: 'C000002' }) as object,
			crm: expect.objectContaining({ name: 'Customer 2 & Söhne' }) as object,
		}),
	]);
});
