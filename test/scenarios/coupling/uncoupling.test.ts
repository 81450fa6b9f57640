import { coupleRecords } from '../../../engine/coupling/couple';
import { uncouple, uncoupleMappings, type UncoupleRequest } from '../../../engine/coupling/uncouple';
import { createSetting, type Setting } from './setting';
import type { JobResult } from '../../../engine/jobs/jobResult';

let setting: Setting;
let company: string;
beforeEach(async () => {
	setting = await createSetting();
	company = setting.world.base.companyRowId;
});
afterEach(() => setting.world.close());

const couple = (bcId: string, crmId: string) =>
	setting.use((session) => coupleRecords(session, { mapping: 'CUSTOMER', bcId, crmId, initial: 'none' }));
const run = (request: Partial<UncoupleRequest> = {}) =>
	setting.use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral', ...request }));
const companyOf = (accountId: string): unknown => setting.crm(accountId)?.['bcbi_companyid'] ?? null;

/** Three couples whose accounts carry the company. */
async function three(): Promise<{ customers: string[]; accounts: string[] }> {
	const customers = [1, 2, 3].map((number) => setting.customer(`C${number}`));
	const accounts = [1, 2, 3].map((number) => setting.account(`Account ${number}`, { bcbi_companyid: company }));
	for (const [index, customer] of customers.entries()) await couple(customer, accounts[index]!);
	setting.world.takeRequests();
	return { customers, accounts };
}

test('one record loses its coupling and the account its company: X=1, M=1; nothing else changes', async () => {
	const { customers, accounts } = await three();
	const [result] = await run({ ids: [customers[0]!] });
	expect(result!.job).toMatchObject({ type: 'uncoupling', status: 'finished', uncoupled: 1, modified: 1, failed: 0 });
	expect(await setting.pairs()).toEqual(['C2 – Account 2', 'C3 – Account 3']);
	expect(accounts.map(companyOf)).toEqual([null, company, company]);
	expect(setting.crm(accounts[0]!)).toMatchObject({ name: 'Account 1' });
	expect(setting.bc(customers[0]!)).toMatchObject({ displayName: 'Customer C1' });
	expect(setting.writes()).toBe(1);
	expect(await setting.jobs()).toEqual([expect.objectContaining({ type: 'uncoupling', uncoupled: 1, modified: 1 })]);
});

test('a selection may be named by the accounts, twice and in any case', async () => {
	const { accounts } = await three();
	const [result] = await run({ side: 'crm', ids: [accounts[0]!, accounts[0]!.toUpperCase(), accounts[2]!] });
	expect(result!.job).toMatchObject({ uncoupled: 2, modified: 2 });
	expect(await setting.pairs()).toEqual(['C2 – Account 2']);
});

test('a counterpart that is gone is no obstacle: X counts, M does not', async () => {
	const { accounts } = await three();
	setting.world.sandbox.crm.remove('account', accounts[1]!);
	const [result] = await run();
	expect(result!.job).toMatchObject({ uncoupled: 3, modified: 2, failed: 0, status: 'finished' });
	expect(await setting.couplings()).toEqual([]);
});

test('neither is a customer that is gone', async () => {
	const { customers, accounts } = await three();
	setting.removeCustomer(customers[1]!);
	const [result] = await run({ ids: [customers[1]!] });
	expect(result!.job).toMatchObject({ uncoupled: 1, modified: 1 });
	expect(companyOf(accounts[1]!)).toBeNull();
});

test('a whole mapping also frees the company stuck on an uncoupled account: 3 coupled and 1 stuck give X=3, M=4', async () => {
	const { accounts } = await three();
	const stuck = setting.account('Stuck', { bcbi_companyid: company });
	const [result] = await run();
	expect(result!.job).toMatchObject({ uncoupled: 3, modified: 4 });
	expect([...accounts, stuck].map(companyOf)).toEqual([null, null, null, null]);
});

test('a selection leaves stuck companies alone', async () => {
	const { customers } = await three();
	const stuck = setting.account('Stuck', { bcbi_companyid: company });
	await run({ ids: [customers[0]!] });
	expect(companyOf(stuck)).toBe(company);
});

test('accounts of another company keep it', async () => {
	const other = '00000003-0000-4000-8000-000000000002';
	setting.world.sandbox.crm.seed('bcbi_company', [
		{ bcbi_companyid: other, bcbi_externalid: '11111111-1111-4111-8111-111111111111', bcbi_name: 'Other' },
	]);
	const foreign = setting.account('Foreign', { bcbi_companyid: other });
	await three();
	const [result] = await run();
	expect(result!.job).toMatchObject({ uncoupled: 3, modified: 3 });
	expect(companyOf(foreign)).toBe(other);
});

test('uncoupling what is not coupled does nothing, any number of times, and says so', async () => {
	const customer = setting.customer('C9');
	for (let time = 0; time < 2; time++) {
		const [result] = await run({ ids: [customer] });
		expect(result!.job).toMatchObject({ status: 'finished', uncoupled: 0, modified: 0, message: 'Nothing was coupled.' });
		expect(result!.warnings).toEqual([expect.stringContaining('is not coupled')]);
	}
});

test('a preview announces exactly the counters of the real run, and changes nothing', async () => {
	const { accounts } = await three();
	setting.account('Stuck', { bcbi_companyid: company });
	setting.world.sandbox.crm.remove('account', accounts[2]!);
	const [announced] = await run({ preview: true });
	expect(setting.writes()).toBe(0);
	expect(await setting.couplings()).toHaveLength(3);
	expect(await setting.jobs()).toEqual([]);
	const [done] = await run();
	const counters = ({ uncoupled, modified, failed }: JobResult['job']) => ({ uncoupled, modified, failed });
	expect(counters(announced!.job)).toEqual(counters(done!.job));
	expect(counters(done!.job)).toEqual({ uncoupled: 3, modified: 3, failed: 0 });
});

test('several mappings give one job each, and only those change', async () => {
	const { accounts } = await three();
	await setting.world.run({ mapping: 'CURRENCY', createUncoupled: true });
	await setting.world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
	const people = await setting.pairs('SALESPEOPLE');
	expect(people.length).toBeGreaterThan(0);
	const results = await setting.use((session) => uncoupleMappings(session, { mappings: ['CURRENCY', 'CUSTOMER'] }));
	expect(results.map(({ job }) => [job.mapping, job.uncoupled])).toEqual([
		['CUSTOMER', 3],
		['CURRENCY', 2],
	]);
	expect([await setting.pairs(), await setting.pairs('CURRENCY'), await setting.pairs('SALESPEOPLE')]).toEqual([[], [], people]);
	expect(accounts.map(companyOf)).toEqual([null, null, null]);
});

test('where the CRM row carries no company, nothing is written in CRM', async () => {
	await setting.world.run({ mapping: 'CURRENCY', createUncoupled: true });
	setting.world.takeRequests();
	const [result] = await run({ mapping: 'CURRENCY' });
	expect(result!.job).toMatchObject({ uncoupled: 2, modified: 0 });
	expect(setting.world.takeRequests()).toEqual([]);
});

test('an account that somebody edits while it is uncoupled is read again and still loses its company', async () => {
	const { accounts } = await three();
	let edited = false;
	const results = await setting.use((session) => uncouple(session, { mapping: 'CUSTOMER', side: 'businessCentral' }), {
		transport: (transport) => async (request) => {
			if (!edited && request.url.includes('crm.sandbox') && request.body?.includes('PATCH')) {
				edited = true;
				setting.world.sandbox.crm.update('account', accounts[1]!, { telephone1: '+44 7' });
			}
			return await transport(request);
		},
	});
	expect(edited).toBe(true);
	expect(results[0]!.job).toMatchObject({ modified: 3 });
	expect(results[0]!.warnings).toEqual([]);
	expect(accounts.map(companyOf)).toEqual([null, null, null]);
	expect(setting.crm(accounts[1]!)).toMatchObject({ telephone1: '+44 7' });
});

test('a mapping that another run holds is left alone and says so', async () => {
	await three();
	await setting.use(async (session) => {
		await session.store.acquireLease('CUSTOMER', 'somebody else', 60_000);
		const [result] = await run();
		expect(result!.job).toMatchObject({ status: 'alreadyRunning', uncoupled: 0 });
	});
	expect(await setting.couplings()).toHaveLength(3);
});

test('2,500 couplings go page by page, and their accounts are cleared in few requests', async () => {
	const numbers = Array.from({ length: 2500 }, (_, index) => `C${String(index).padStart(5, '0')}`);
	const bc = setting.world.sandbox.businessCentral.company(setting.world.base.companyName);
	bc.seed(
		'customers',
		numbers.map((number) => ({ number, displayName: number, type: 'Company', blocked: '_x0020_' })),
	);
	const customers = bc.rows('customers').map((row) => String(row['id']).toLowerCase());
	const accounts = numbers.map((name) => setting.account(name, { bcbi_companyid: company }));
	await setting.use((session) =>
		session.store.commit({
			couplings: customers.map((bcId, index) => ({
				...{ mapping: 'CUSTOMER', bcId, crmId: accounts[index]!, bcNumber: numbers[index]!, bcName: '', crmName: '' },
				...{ bcVersion: null, crmVersion: null, bcStamp: null, crmStamp: null, baseline: null, initial: 'none' as const },
				...{ coupledAt: '2026-03-07T08:00:00Z', lastSyncedAt: null },
			})),
		}),
	);
	setting.world.takeRequests();
	const [result] = await run();
	expect(result!.job).toMatchObject({ uncoupled: 2500, modified: 2500 });
	expect(await setting.couplings()).toEqual([]);
	expect(setting.world.takeRequests().length).toBeLessThanOrEqual(50);
}, 60_000);
