import { coupleRecords } from '../../../engine';
import { createWorld, type World } from '../../kit/world';
import { codes, company, deliver, failures, item, job, listNamed, pricesOf, productOf, resource, units, writes } from '../products/shop';

let world: World;
beforeEach(async () => {
	world = await createWorld();
	units(world, 'PCS', 'BOX', 'HOUR');
});
afterEach(() => world.close());

type Row = Record<string, unknown>;
const list = (Code: string, values: Row = {}) =>
	void company(world).insert('SalesPriceList', { Code, Description: `Prices ${Code}`, Status: 'Active', AmountType: 'Price', ...values });
const line = (Price_List_Code: string, Line_No: number, Asset_No: string, Unit_Price: number, values: Row = {}) =>
	company(world).seed('PriceListLineReview', [
		{ Price_List_Code, Line_No, Asset_Type: 'Item', Asset_No, Unit_Price, Amount_Type: 'Price', Status: 'Active', ...values },
	])[0]!;
const lineRow = (listCode: string, number: number) => company(world).data.table('Price List Line').getByKey(listCode, number)!;
const changeLine = (listCode: string, number: number, values: Row) => {
	const row = lineRow(listCode, number);
	company(world).data.modify('Price List Line', row, { ...row.fields, ...(values as Record<string, string | number | boolean>) }, 'ANNA');
};
const lists = () => world.sandbox.crm.rows('pricelevel').map(({ name }) => name).filter((name) => !String(name).startsWith('Business Central')).sort(); // prettier-ignore

test('a price list travels with currency, description and dates, and its lines as prices of items and resources; blank units are base units', async () => {
	item(world, '1000', {}, { BOX: 12 });
	resource(world, 'LINA');
	list('S1', { CurrencyCode: 'EUR', StartingDate: '2026-01-01', EndingDate: '2026-12-31' });
	line('S1', 10000, '1000', 90, { Currency_Code: 'EUR' });
	line('S1', 20000, '1000', 900, { Unit_of_Measure_Code: 'BOX', Currency_Code: 'EUR' });
	line('S1', 30000, 'LINA', 45, { Asset_Type: 'Resource', Currency_Code: 'EUR' });
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	expect(job(results, 'PLLINE-PRODPRICE').job).toMatchObject({ inserted: 3 });
	const euro = world.sandbox.crm.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'EUR')!['transactioncurrencyid'];
	expect(listNamed(world, 'S1')).toMatchObject({
		description: 'Prices S1',
		transactioncurrencyid: euro,
		statecode: 0,
		bcbi_companyid: world.base.companyRowId,
	});
	expect(String(listNamed(world, 'S1')['begindate'])).toMatch(/^2026-01-01/);
	expect(String(listNamed(world, 'S1')['enddate'])).toMatch(/^2026-12-31/);
	expect(pricesOf(world, 'S1')).toEqual(['1000 BOX 900', '1000 PCS 90', 'LINA HOUR 45']);
	const prices = world.sandbox.crm
		.rows('productpricelevel')
		.filter(({ pricelevelid }) => pricelevelid === listNamed(world, 'S1')['pricelevelid']);
	for (const price of prices) expect(price).toMatchObject({ pricingmethodcode: 1, transactioncurrencyid: euro });
	world.takeRequests();
	world.minutes(1);
	await deliver(world);
	expect(writes(world)).toBe(0);
});

test('a changed price travels; the default price list does not follow it', async () => {
	item(world, '1000');
	list('S1');
	line('S1', 10000, '1000', 90);
	await deliver(world);
	changeLine('S1', 10000, { 'Unit Price': 80 });
	world.minutes(1);
	const [changed] = await world.run({ mapping: 'PLLINE-PRODPRICE' });
	expect(changed!.job).toMatchObject({ modified: 1, inserted: 0, failed: 0 });
	expect(pricesOf(world, 'S1')).toEqual(['1000 PCS 80']);
	expect(pricesOf(world, 'Business Central Default Price List')).toEqual(['1000 PCS 100']);
});

test('a line equal to a price that is there is coupled; one that differs changes it: M=1', async () => {
	item(world, '1000', {}, { BOX: 12 });
	await deliver(world);
	const { productid, defaultuomid } = productOf(world, '1000');
	const box = world.sandbox.crm.rows('uom').find(({ name }) => name === 'BOX')!['uomid'];
	const there = world.sandbox.crm.insert('pricelevel', { name: 'S1', transactioncurrencyid: world.base.baseCurrencyId });
	world.sandbox.crm.insert('productpricelevel', { pricelevelid: there, productid, uomid: defaultuomid, amount: 70 } as never);
	world.sandbox.crm.insert('productpricelevel', { pricelevelid: there, productid, uomid: box, amount: 900 } as never);
	list('S1');
	line('S1', 10000, '1000', 90);
	line('S1', 20000, '1000', 900, { Unit_of_Measure_Code: 'BOX' });
	const results = await deliver(world);
	expect(job(results, 'PLLINE-PRODPRICE').job).toMatchObject({ inserted: 0, modified: 1, coupled: 1, failed: 0 });
	expect(pricesOf(world, 'S1')).toEqual(['1000 BOX 900', '1000 PCS 90']);
});

test('a second line for the same product and unit is told so; the first one stands', async () => {
	item(world, '1000');
	list('S1');
	line('S1', 10000, '1000', 90);
	line('S1', 20000, '1000', 85, { Starting_Date: '2026-06-01' });
	const results = await deliver(world);
	expect(job(results, 'PLLINE-PRODPRICE').job).toMatchObject({ inserted: 1, failed: 1 });
	expect(codes(job(results, 'PLLINE-PRODPRICE'))).toEqual(['PRICE_LINE_TAKEN']);
	expect(pricesOf(world, 'S1')).toEqual(['1000 PCS 90']);
});

test('a line without a coupled list, and a line with an uncoupled item, fail; the other lines of the list do not', async () => {
	item(world, '1000');
	item(world, '2000', { blocked: true });
	list('S1');
	list('S2');
	line('S1', 10000, '1000', 90);
	line('S1', 20000, '2000', 90);
	line('S2', 10000, '1000', 90);
	await deliver(world);
	const session = await world.open();
	const [s2] = (await session.store.findCouplings({ mapping: 'PLHEADER-PRICE', limit: 10 })).rows.filter(
		({ bcNumber }) => bcNumber === 'S2',
	);
	await session.store.commit({ uncouple: [{ mapping: 'PLHEADER-PRICE', bcId: s2!.bcId, crmId: s2!.crmId }] });
	await session.store.close();
	line('S2', 20000, '1000', 50, { Unit_of_Measure_Code: 'BOX' });
	world.minutes(1);
	const [again] = await world.run({ mapping: 'PLLINE-PRODPRICE' });
	expect(again!.job).toMatchObject({ status: 'finished', failed: 1, skipped: 1 });
	expect(codes(again!).sort()).toEqual(['DEPENDENCY', 'DEPENDENCY']);
	expect(again!.failed.map(({ message }) => message.match(/"([^"]*)"/)![1]).sort()).toEqual(['2000', 'S2']);
	expect(pricesOf(world, 'S1')).toEqual(['1000 PCS 90']);
});

test('lines bring their items in where the mappings may create', async () => {
	list('S1');
	await deliver(world);
	item(world, '1000');
	line('S1', 10000, '1000', 90);
	const results = await world.run({ mapping: 'PLLINE-PRODPRICE', pullDependencies: 'create' });
	expect(failures(results)).toEqual([]);
	expect(pricesOf(world, 'S1')).toEqual(['1000 PCS 90']);
	expect(productOf(world, '1000')).toMatchObject({ statecode: 0 });
});

test('drafts, and lists that allow updating defaults, are not coupled, and neither are their lines', async () => {
	item(world, '1000');
	list('S1', { Status: 'Draft' });
	list('S2', { AllowUpdatingDefaults: true });
	list('S3', { AmountType: 'Discount' });
	list('S4');
	for (const code of ['S1', 'S2', 'S3', 'S4', 'P1']) line(code, 10000, '1000', 90);
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	expect(lists()).toEqual(['S4']);
	expect(job(results, 'PLLINE-PRODPRICE').job).toMatchObject({ inserted: 1, failed: 0, skipped: 0 });
});

test('PLHEADER-PRICE: with a default price list the lists that allow updating defaults are those to synchronize', async () => {
	await world.settings({ defaultPriceListCode: 'S2' });
	list('S1');
	list('S2', { AllowUpdatingDefaults: true });
	expect(failures(await deliver(world))).toEqual([]);
	expect(lists()).toEqual(['S2']);
});

test('PLHEADER-PRICE: a new list is inactive in CRM unless it is active in Business Central; a list that becomes a draft stays coupled', async () => {
	list('S1', { Status: 'Inactive' });
	list('S2');
	await deliver(world);
	expect(listNamed(world, 'S1')).toMatchObject({ statecode: 1, statuscode: 100002 });
	expect(listNamed(world, 'S2')).toMatchObject({ statecode: 0 });
	const { id } = company(world).data.table('Price List Header').getByKey('S2')!;
	company(world).update('SalesPriceList', id, { Status: 'Draft', Description: 'In work' });
	world.minutes(1);
	const [changed] = await world.run({ mapping: 'PLHEADER-PRICE' });
	expect(changed!.job).toMatchObject({ modified: 1, failed: 0 });
	expect(listNamed(world, 'S2')).toMatchObject({ description: 'In work' });
});

test('the currency of a list cannot be changed later', async () => {
	list('S1');
	await deliver(world);
	const { id } = company(world).data.table('Price List Header').getByKey('S1')!;
	company(world).update('SalesPriceList', id, { CurrencyCode: 'EUR' });
	world.minutes(1);
	expect(failures(await world.run({ mapping: 'PLHEADER-PRICE' }))).toEqual(['PLHEADER-PRICE PRICE_LIST_CURRENCY']);
	expect(listNamed(world, 'S1')).toMatchObject({ transactioncurrencyid: world.base.baseCurrencyId });
});

test('a line in another currency than its list is no price of it', async () => {
	item(world, '1000');
	list('S1');
	line('S1', 10000, '1000', 90, { Currency_Code: 'EUR' });
	expect(failures(await deliver(world))).toEqual(['PLLINE-PRODPRICE PRICE_LINE_CURRENCY']);
	expect(pricesOf(world, 'S1')).toEqual([]);
});

test('PLLINE-PRODPRICE: lines for other things than items and resources, of discounts, or from a quantity on, stay out', async () => {
	item(world, '1000');
	list('S1');
	line('S1', 10000, '1000', 90, { Minimum_Quantity: 10 });
	line('S1', 20000, '1000', 0, { Amount_Type: 'Discount' });
	line('S1', 30000, '6110', 5, { Asset_Type: 'G/L Account' });
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	expect(pricesOf(world, 'S1')).toEqual([]);
});

test('deleted lines follow the deletion strategy', async () => {
	item(world, '1000');
	list('S1');
	line('S1', 10000, '1000', 90);
	await deliver(world);
	const session = await world.open();
	await session.store.saveSettings('PLLINE-PRODPRICE', { deletion: 'deleteOther' });
	await session.store.close();
	company(world).data.remove('Price List Line', lineRow('S1', 10000), 'ANNA');
	world.minutes(1);
	await world.run({ mapping: 'PLLINE-PRODPRICE', findDeleted: 'now', allowMassChanges: true });
	expect(pricesOf(world, 'S1')).toEqual([]);
});

test('without unit groups: a line has the unit group of its unit', async () => {
	await world.settings({ unitGroups: false });
	item(world, '1000');
	list('S1');
	line('S1', 10000, '1000', 90);
	expect(failures(await deliver(world))).toEqual([]);
	expect(pricesOf(world, 'S1')).toEqual(['1000 PCS 90']);
});

test('a draft cannot be coupled by hand', async () => {
	list('S1', { Status: 'Draft' });
	const crmId = world.sandbox.crm.insert('pricelevel', { name: 'Other', transactioncurrencyid: world.base.baseCurrencyId });
	const session = await world.open();
	await expect(coupleRecords(session, { mapping: 'PLHEADER-PRICE', bcId: 's1', crmId, initial: 'send' })).rejects.toMatchObject({
		code: 'PRICE_LIST_NOT_FOR_CRM',
	});
	expect(await session.store.countCouplings('PLHEADER-PRICE')).toBe(0);
	await session.store.close();
});

test('a list of that name is taken only in its own currency, for it cannot be changed', async () => {
	await deliver(world);
	const euro = world.sandbox.crm.rows('transactioncurrency').find((row) => row['isocurrencycode'] === 'EUR')!['transactioncurrencyid'];
	world.sandbox.crm.insert('pricelevel', { name: 'S1', transactioncurrencyid: euro } as never);
	world.sandbox.crm.insert('pricelevel', { name: 'S2', transactioncurrencyid: euro } as never);
	list('S1');
	list('S2', { CurrencyCode: 'EUR' });
	world.minutes(1);
	const results = await deliver(world);
	expect(failures(results)).toEqual([]);
	expect(job(results, 'PLHEADER-PRICE').job).toMatchObject({ inserted: 1, modified: 1 });
	expect(lists()).toEqual(['S1', 'S1', 'S2']);
	expect(world.sandbox.crm.rows('pricelevel').find(({ name }) => name === 'S2')).toMatchObject({ description: 'Prices S2' });
});
