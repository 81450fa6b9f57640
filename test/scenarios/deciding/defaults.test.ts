import { loadMappings } from '../../../engine/defaults/catalog';
import type { TableMapping } from '../../../engine/model/tableMapping';
import { restart, run as fullSync } from '../fullSync/fullSyncs';
import { openStage, type Stage } from './stage';

let stage: Stage;
beforeEach(async () => {
	stage = await openStage();
});
afterEach(() => stage.world.close());

const mappings = async (): Promise<Map<string, TableMapping>> =>
	new Map((await stage.with(loadMappings)).map((mapping) => [mapping.name, mapping]));

test('a restart reads everything again, finds it unchanged, and tries again what could not be created', async () => {
	stage.company().seed('currencies', [{ code: 'XXX', displayName: 'No rate', symbol: 'X' }]);
	const [first] = await fullSync(stage.world, { mappings: ['CURRENCY'] });
	expect(first!.job).toMatchObject({ inserted: 2, failed: 1 });
	expect((await stage.failures('toCrm', 'CURRENCY')).map(({ errorCode }) => errorCode)).toEqual(['EXCHANGE_RATE_MISSING']);
	stage
		.company()
		.seed('currencyExchangeRates', [
			{ currencyCode: 'XXX', startingDate: '2026-01-01', exchangeRateAmount: 100, relationalExchangeRateAmount: 50 },
		]);
	stage.world.minutes(60);
	stage.writes();
	const [second] = await restart(stage.world, { mapping: 'CURRENCY' });
	expect(second!.job).toMatchObject({ inserted: 1, unchanged: 2, modified: 0, failed: 0 });
	expect(stage.writes()).toBe(1);
	expect(await stage.failures('toCrm', 'CURRENCY')).toEqual([]);
	expect((await stage.couplings('CURRENCY')).map(({ bcNumber }) => bcNumber).sort()).toEqual(['EUR', 'USD', 'XXX']);
	const [third] = await restart(stage.world, { mapping: 'CURRENCY' });
	expect(third!.job).toMatchObject({ inserted: 0, unchanged: 3, modified: 0, failed: 0 });
	expect(stage.writes()).toBe(0);
});

test('customers wait for salespeople, currencies, payment terms, shipment methods and shipping agents', async () => {
	const all = await mappings();
	expect(all.get('CUSTOMER')!.dependsOn).toEqual(['SALESPEOPLE', 'CURRENCY', 'PAYMENT TERMS', 'SHIPMENT METHOD', 'SHIPPING AGENT']);
	expect([all.get('SALESPEOPLE')!.dependsOn, all.get('CURRENCY')!.dependsOn]).toEqual([[], []]);
	const order = [...all.keys()];
	expect(order.indexOf('CUSTOMER')).toBeGreaterThan(Math.max(order.indexOf('SALESPEOPLE'), order.indexOf('CURRENCY')));
});

test('customers run both ways, salespeople from CRM, currencies to CRM; all only coupled, none with a strategy', async () => {
	const all = await mappings();
	expect(['CUSTOMER', 'SALESPEOPLE', 'CURRENCY'].map((name) => all.get(name)!.direction)).toEqual(['bidirectional', 'fromCrm', 'toCrm']);
	for (const name of ['CUSTOMER', 'SALESPEOPLE', 'CURRENCY']) {
		expect(all.get(name)).toMatchObject({ onlyCoupled: true, conflict: 'none', deletion: 'none', enabled: true });
	}
});

test('and that is how they run: jobs by direction, and nothing is created unless allowed', async () => {
	stage.company().seed('customers', [{ number: 'NEW', displayName: 'Newcomer', type: 'Company', blocked: '_x0020_', currencyCode: '' }]);
	stage.writes();
	const runs = [];
	for (const mapping of ['CUSTOMER', 'SALESPEOPLE', 'CURRENCY']) runs.push(...(await stage.world.run({ mapping })));
	expect(runs.map(({ job }) => [job.mapping, job.direction, job.inserted])).toEqual([
		['CUSTOMER', 'toCrm', 0],
		['CUSTOMER', 'fromCrm', 0],
		['SALESPEOPLE', 'fromCrm', 0],
		['CURRENCY', 'toCrm', 0],
	]);
	expect(stage.writes()).toBe(0);
});

describe('default filters', () => {
	test('blocked customers stay where they are', async () => {
		stage.company().seed('customers', [
			{ number: 'OPEN', displayName: 'Open', type: 'Company', blocked: '_x0020_', currencyCode: '' },
			{ number: 'SHIP', displayName: 'Blocked for shipping', type: 'Company', blocked: 'Ship', currencyCode: '' },
			{ number: 'ALL', displayName: 'Blocked', type: 'Company', blocked: 'All', currencyCode: '' },
		]);
		expect(await stage.counted({ direction: 'toCrm', createUncoupled: true })).toEqual([{ inserted: 1 }]);
		expect(
			stage.world.sandbox.crm
				.rows('account')
				.map((row) => String(row['name']))
				.filter((name) => /Open|Blocked/.test(name)),
		).toEqual(['Open']);
	});
	test('of accounts, the active ones of type customer that belong to the company or to none', async () => {
		const { companyRowId } = stage.world.base;
		const other = '00000003-0000-4000-8000-000000000009';
		stage.world.sandbox.crm.seed('bcbi_company', [
			{ bcbi_companyid: other, bcbi_externalid: '0000000c-0000-4000-8000-000000000001', bcbi_name: 'Other' },
		]);
		const account = (number: number, name: string, values: Record<string, unknown> = {}) => ({
			accountid: `0000000b-0000-4000-8000-00000000000${number}`,
			name,
			customertypecode: 3,
			...values,
		});
		stage.world.sandbox.crm.seed('account', [
			account(1, 'Nobodys'),
			account(2, 'Ours', { bcbi_companyid: companyRowId }),
			account(3, 'Theirs', { bcbi_companyid: other }),
			account(4, 'Supplier', { customertypecode: 10 }),
			account(5, 'Untyped', { customertypecode: null }),
			account(6, 'Inactive', { statecode: 1, statuscode: 2 }),
		] as never);
		expect(await stage.counted({ direction: 'fromCrm', createUncoupled: true })).toEqual([{ inserted: 2 }]);
		expect(
			stage
				.company()
				.rows('customers')
				.map((row) => String(row['displayName']))
				.filter((name) => !name.startsWith('Customer'))
				.sort(),
		).toEqual(['Nobodys', 'Ours']);
		expect(await stage.log('error')).toEqual([]);
	});
	test('of users, the enabled and licensed ones that are no integration users', async () => {
		const user = (number: number, fullname: string, values: Record<string, unknown> = {}) => ({
			systemuserid: `00000008-0000-4000-8000-00000000000${number}`,
			fullname,
			internalemailaddress: `user${number}@cronus.example`,
			isdisabled: false,
			islicensed: true,
			isintegrationuser: false,
			...values,
		});
		stage.world.sandbox.crm.seed('systemuser', [
			user(1, 'Working'),
			user(2, 'Disabled', { isdisabled: true }),
			user(3, 'Unlicensed', { islicensed: false }),
			user(4, 'Robot', { isintegrationuser: true }),
		] as never);
		await stage.world.run({ mapping: 'SALESPEOPLE', createUncoupled: true });
		const names = stage
			.company()
			.rows('salespeoplePurchasers')
			.map((row) => String(row['displayName']));
		expect(names).toEqual(expect.arrayContaining(['Helena Ray', 'Otis Falk', 'Working']));
		for (const name of ['Disabled', 'Unlicensed', 'Robot']) expect(names).not.toContain(name);
	});
});

describe('one mapping', () => {
	test('modified records only: what is older than the last run is not read again', async () => {
		stage.world.minutes(60);
		await stage.run();
		stage.world.minutes(60);
		stage.inBc(2, { phoneNumber: '+44 2' });
		expect(await stage.counted()).toEqual([{ modified: 1 }, {}]);
	});
	test('run full: everything is read, and the watermarks stand where they stood or later', async () => {
		const watermarks = () =>
			stage.with(async ({ store }) => [await store.watermark('CUSTOMER', 'businessCentral'), await store.watermark('CUSTOMER', 'crm')]);
		const before = await watermarks();
		expect(await stage.counted({ fromStart: true })).toEqual([{ unchanged: 3 }, { unchanged: 3 }]);
		const after = await watermarks();
		after.forEach((stamp, side) => expect(stamp! >= before[side]!).toBe(true));
	});
	test('unconditional full: every coupled record is compared, also where nobody changed anything; only what differs is written', async () => {
		await stage.world.run({ mapping: 'CURRENCY', createUncoupled: true });
		const euro = stage.world.sandbox.crm.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'EUR')!;
		stage.world.sandbox.crm.update('transactioncurrency', String(euro['transactioncurrencyid']), { currencyname: 'Renamed in CRM' });
		stage.writes();
		const [job] = await stage.world.run({ mapping: 'CURRENCY', force: true });
		expect(job!.job).toMatchObject({ modified: 1, unchanged: 1, failed: 0 });
		expect(stage.writes()).toBe(1);
		expect(stage.world.sandbox.crm.row('transactioncurrency', String(euro['transactioncurrencyid']))).toMatchObject({
			currencyname: 'Euro',
		});
		expect((await stage.log('overwritten')).map(({ fields }) => fields)).toEqual([
			[{ name: 'Description', businessCentral: 'Euro', crm: 'Renamed in CRM' }],
		]);
	});
});
