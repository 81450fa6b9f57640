import { createWorld, type World } from '../../kit/world';
import { company, deliver, failures, item, job, listNamed, pricesOf, units, writes } from '../products/shop';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	await world.settings({ extendedPrices: false });
	units(world, 'PCS', 'BOX');
});
afterEach(() => world.close());

type Row = Record<string, unknown>;
const group = (Code: string) => void company(world).insert('CustomerPriceGroups', { Code, Description: `Group ${Code}` });
const price = (Sales_Code: string, Item_No: string, Unit_Price: number, values: Row = {}) =>
	company(world).seed('SalesPrices', [{ Sales_Type: 'Customer Price Group', Sales_Code, Item_No, Unit_Price, ...values }])[0]!;
const currency = (code: string) =>
	world.sandbox.crm.rows('transactioncurrency').find((row) => row['isocurrencycode'] === code)!['transactioncurrencyid'];

test('a customer price group is a price list in the currency of its sales prices, local currency when it has none', async () => {
	item(world, '1000', {}, { BOX: 12 });
	group('RETAIL');
	group('EXPORT');
	group('EMPTY');
	price('RETAIL', '1000', 95);
	price('RETAIL', '1000', 1000, { Unit_of_Measure_Code: 'BOX' });
	price('EXPORT', '1000', 120, { Currency_Code: 'EUR' });
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	expect(job(results, 'SALESPRC-PRODPRICE').job).toMatchObject({ inserted: 3 });
	expect(listNamed(world, 'RETAIL')['transactioncurrencyid']).toBe(world.base.baseCurrencyId);
	expect(listNamed(world, 'EMPTY')['transactioncurrencyid']).toBe(world.base.baseCurrencyId);
	expect(listNamed(world, 'EXPORT')['transactioncurrencyid']).toBe(currency('EUR'));
	expect(pricesOf(world, 'RETAIL')).toEqual(['1000 BOX 1000', '1000 PCS 95']);
	expect(pricesOf(world, 'EXPORT')).toEqual(['1000 PCS 120']);
	world.takeRequests();
	world.minutes(1);
	await deliver(world);
	expect(writes(world)).toBe(0);
});

test('prices of one group in several currencies are an error of the group, and its prices wait', async () => {
	item(world, '1000');
	item(world, '2000');
	group('RETAIL');
	price('RETAIL', '1000', 95);
	price('RETAIL', '2000', 120, { Currency_Code: 'EUR' });
	expect(failures(await deliver(world))).toEqual([
		'CUSTPRCGRP-PRICE PRICE_GROUP_CURRENCIES',
		'SALESPRC-PRODPRICE DEPENDENCY',
		'SALESPRC-PRODPRICE DEPENDENCY',
	]);
});

test('a price added in another currency is refused, the others stand', async () => {
	item(world, '1000');
	item(world, '2000');
	group('RETAIL');
	price('RETAIL', '1000', 95);
	await deliver(world);
	price('RETAIL', '2000', 120, { Currency_Code: 'EUR' });
	world.minutes(1);
	expect(failures(await world.run({ mapping: 'SALESPRC-PRODPRICE' }))).toEqual(['SALESPRC-PRODPRICE PRICE_LINE_CURRENCY']);
	expect(pricesOf(world, 'RETAIL')).toEqual(['1000 PCS 95']);
});

test('SALESPRC-PRODPRICE: only prices of customer price groups travel', async () => {
	item(world, '1000');
	group('RETAIL');
	price('RETAIL', '1000', 95);
	price('C00001', '1000', 80, { Sales_Type: 'Customer' });
	price('', '1000', 99, { Sales_Type: 'All Customers' });
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	expect(job(results, 'SALESPRC-PRODPRICE').job).toMatchObject({ inserted: 1 });
	expect(pricesOf(world, 'RETAIL')).toEqual(['1000 PCS 95']);
});

test('price lists and customer price groups exclude each other', async () => {
	company(world).insert('SalesPriceList', { Code: 'S1', Description: 'List', Status: 'Active', AmountType: 'Price' });
	group('RETAIL');
	await deliver(world);
	expect(world.sandbox.crm.rows('pricelevel').map(({ name }) => name)).toEqual(['RETAIL']);
	await world.settings({ extendedPrices: true });
	await expect(world.run({ mapping: 'CUSTPRCGRP-PRICE' })).rejects.toMatchObject({ code: 'MAPPING_UNKNOWN' });
});
