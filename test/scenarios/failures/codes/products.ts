import { coupleRecords, createAndCouple, deleteOther, retryAll, uncouple } from '../../../../engine';
import type { JobResult } from '../../../../engine/jobs/jobResult';
import type { SyncSession } from '../../../../engine/ports/session';
import { createWorld, type World } from '../../../kit/world';
import { company, deliver, failures, item, listNamed, pricesOf, product, productOf, resource, unitGroup, units } from '../../products/shop';
import { failedWith, refusedWith, says, type Walks } from './kit';

/** Items, units and prices. */
type Row = Record<string, unknown>;

async function inShop(walk: (world: World) => Promise<void>): Promise<void> {
	const world = await createWorld();
	try {
		units(world, 'PCS', 'BOX', 'HOUR');
		await walk(world);
	} finally {
		await world.close();
	}
}

async function use<T>(world: World, work: (session: SyncSession) => Promise<T>): Promise<T> {
	const session = await world.open();
	try {
		return await work(session);
	} finally {
		await session.store.close();
	}
}

/** The next run of everything, as a schedule would start it. */
const next = async (world: World): Promise<JobResult[]> => {
	world.minutes(30);
	return await deliver(world);
};
const delivered = async (world: World): Promise<void> => expect(failures(await next(world))).toEqual([]);

const list = (world: World, Code: string, values: Row = {}): void =>
	void company(world).insert('SalesPriceList', { Code, Description: `Prices ${Code}`, Status: 'Active', AmountType: 'Price', ...values });
const listId = (world: World, code: string): string => company(world).data.table('Price List Header').getByKey(code)!.id;
const line = (world: World, Price_List_Code: string, Line_No: number, Asset_No: string, Unit_Price: number, values: Row = {}): void =>
	void company(world).seed('PriceListLineReview', [
		{ Price_List_Code, Line_No, Asset_Type: 'Item', Asset_No, Unit_Price, Amount_Type: 'Price', Status: 'Active', ...values },
	]);
const removeLine = (world: World, code: string, number: number): void => {
	company(world).data.remove('Price List Line', company(world).data.table('Price List Line').getByKey(code, number)!, 'ANNA');
};
const currency = (world: World, code: string): unknown =>
	world.sandbox.crm.rows('transactioncurrency').find((row) => row['isocurrencycode'] === code)!['transactioncurrencyid'];

/** Without unit groups: an item whose base unit was changed to BOX after its product was made with PCS. */
async function movedToBox(world: World): Promise<string> {
	await world.settings({ unitGroups: false });
	const id = item(world, '1000');
	await deliver(world);
	company(world).update('items', id, { baseUnitOfMeasureCode: 'BOX' });
	return id;
}
const groupOfProduct = (world: World, number: string): unknown =>
	world.sandbox.crm.rows('uomschedule').find((row) => row['uomscheduleid'] === productOf(world, number)['defaultuomscheduleid'])!['name'];

export const productWalks: Walks = {
	BASE_UNIT_MISSING: () =>
		inShop(async (world) => {
			const { id } = company(world).insert('items', { number: '0999', displayName: 'Nothing', type: 'Inventory' });
			says(failedWith('BASE_UNIT_MISSING', await deliver(world)), 'Enter the Base Unit of Measure on the card');
			company(world).update('items', String(id), { baseUnitOfMeasureCode: 'PCS' });
			await delivered(world);
			expect(productOf(world, '0999')).toMatchObject({ name: 'Nothing' });
		}),

	UNIT_CODE_MISSING: () =>
		inShop(async (world) => {
			const { group, units: own } = unitGroup(world, 'Bottles', 'PCS', { Palette: 600 });
			const other = unitGroup(world, 'Crates', 'PCS', { Container: 900 });
			product(world, 'Water', group, own['PCS']!);
			product(world, 'Juice', other.group, other.units['PCS']!);
			says(
				failedWith('UNIT_CODE_MISSING', await deliver(world)),
				'Create the missing codes on the page Units of Measure',
				'or rename the units',
			);
			units(world, 'PALETTE');
			world.sandbox.crm.update('uom', other.units['Container']!, { name: 'Box' });
			await delivered(world);
			expect(company(world).rows('items').map((row) => row['displayName']).sort()).toEqual(['Juice', 'Water']); // prettier-ignore
		}),

	UNIT_GROUP_INACTIVE: () =>
		inShop(async (world) => {
			const { group } = unitGroup(world, 'ITEM 1000 UOM GR', 'ITEM 1000 UOM GR');
			world.sandbox.crm.update('uomschedule', group, { statecode: 1 });
			item(world, '1000');
			says(failedWith('UNIT_GROUP_INACTIVE', await deliver(world)), 'Activate the unit group');
			world.sandbox.crm.update('uomschedule', group, { statecode: 0 });
			await delivered(world);
			expect(groupOfProduct(world, '1000')).toBe('ITEM 1000 UOM GR');
		}),

	UNIT_GROUP_UNITS: () =>
		inShop(async (world) => {
			await world.settings({ unitGroups: false });
			const { crm } = world.sandbox;
			const box = unitGroup(world, 'NAV BOX', 'BOX', { PALLET: 20 });
			const hour = unitGroup(world, 'NAV HOUR', 'HOUR', { DAY: 8 });
			item(world, '1000', { baseUnitOfMeasureCode: 'BOX' });
			resource(world, 'LINA');
			const results = await deliver(world);
			says(failedWith('UNIT_GROUP_UNITS', results), 'Remove the other units from the group', 'rename the group');
			// One group is put in order, the other one is given another name, so that a new one is created.
			crm.remove('uom', box.units['PALLET']!);
			crm.update('uomschedule', hour.group, { name: 'Working time' });
			await delivered(world);
			expect([groupOfProduct(world, '1000'), groupOfProduct(world, 'LINA')]).toEqual(['NAV BOX', 'NAV HOUR']);
			expect(crm.rows('uomschedule').map(({ name }) => name)).toContain('Working time');
		}),

	UNIT_GROUP_FIXED: () =>
		inShop(async (world) => {
			const { crm } = world.sandbox;
			const id = await movedToBox(world);
			const seen = failedWith('UNIT_GROUP_FIXED', await next(world));
			says(seen, 'Go back to a unit of that group', 'uncouple it in Couple Records', 'another number', 'retire it');
			company(world).update('items', id, { baseUnitOfMeasureCode: 'PCS' });
			await delivered(world);
			// The other way: the product makes room for a new one.
			company(world).update('items', id, { baseUnitOfMeasureCode: 'BOX' });
			failedWith('UNIT_GROUP_FIXED', await next(world));
			const old = String(productOf(world, '1000')['productid']);
			await use(world, (session) => uncouple(session, { mapping: 'ITEM-PRODUCT', side: 'businessCentral', ids: [id] }));
			crm.update('product', old, { productnumber: '1000-OLD' });
			crm.update('product', old, { statecode: 1 });
			const made = await use(world, (session) => createAndCouple(session, { mapping: 'ITEM-PRODUCT', side: 'businessCentral', ids: [id] }));
			expect([made.failed, made.job.inserted]).toEqual([[], 1]);
			await delivered(world);
			expect(groupOfProduct(world, '1000')).toBe('NAV BOX');
		}),

	UNIT_GROUP_SHARED: () =>
		inShop(async (world) => {
			const { crm } = world.sandbox;
			const { group, units: own } = unitGroup(world, 'Bottles', 'PCS');
			const ids = ['Water', 'Juice'].map((name) => product(world, name, group, own['PCS']!));
			says(failedWith('UNIT_GROUP_SHARED', await deliver(world)), 'unit group of its own', 'create it anew');
			for (const [index, name] of ['Water', 'Juice'].entries()) {
				const fresh = unitGroup(world, `${name} units`, 'PCS');
				crm.update('product', ids[index]!, { statecode: 1 });
				product(world, `${name} again`, fresh.group, fresh.units['PCS']!);
			}
			await delivered(world);
			expect(company(world).rows('items').map((row) => row['displayName']).sort()).toEqual(['Juice again', 'Water again']); // prettier-ignore
		}),

	PRICE_LIST_CURRENCY: () =>
		inShop(async (world) => {
			list(world, 'S1');
			await deliver(world);
			company(world).update('SalesPriceList', listId(world, 'S1'), { CurrencyCode: 'EUR' });
			says(failedWith('PRICE_LIST_CURRENCY', await next(world)), 'Go back to the former currency', 'uncouple the price list');
			company(world).update('SalesPriceList', listId(world, 'S1'), { CurrencyCode: '' });
			await delivered(world);
			company(world).update('SalesPriceList', listId(world, 'S1'), { CurrencyCode: 'EUR' });
			failedWith('PRICE_LIST_CURRENCY', await next(world));
			await use(world, async (session) => {
				const records = { mapping: 'PLHEADER-PRICE', side: 'businessCentral' as const, ids: ['s1'] };
				await uncouple(session, records);
				expect((await createAndCouple(session, records)).failed).toEqual([]);
			});
			await delivered(world);
			const lists = world.sandbox.crm.rows('pricelevel').filter(({ name }) => name === 'S1');
			expect(lists.map((row) => row['transactioncurrencyid'])).toContain(currency(world, 'EUR'));
		}),

	PRICE_LIST_NOT_FOR_CRM: () =>
		inShop(async (world) => {
			list(world, 'S1', { Status: 'Draft' });
			const crmId = world.sandbox.crm.insert('pricelevel', { name: 'Other', transactioncurrencyid: world.base.baseCurrencyId });
			await use(world, async (session) => {
				const couple = () => coupleRecords(session, { mapping: 'PLHEADER-PRICE', bcId: 's1', crmId, initial: 'send' });
				says(await refusedWith('PRICE_LIST_NOT_FOR_CRM', couple), 'Activate the price list');
				company(world).update('SalesPriceList', listId(world, 'S1'), { Status: 'Active' });
				expect(await couple()).toMatchObject({ outcome: 'coupled' });
			});
			expect(listNamed(world, 'S1')).toMatchObject({ description: 'Prices S1' });
		}),

	PRICE_GROUP_CURRENCIES: () =>
		inShop(async (world) => {
			await world.settings({ extendedPrices: false });
			const group = (Code: string): void => void company(world).insert('CustomerPriceGroups', { Code, Description: `Group ${Code}` });
			const price = (Sales_Code: string, Item_No: string, Unit_Price: number, values: Row = {}) =>
				company(world).seed('SalesPrices', [{ Sales_Type: 'Customer Price Group', Sales_Code, Item_No, Unit_Price, ...values }])[0]!;
			item(world, '1000');
			group('RETAIL');
			price('RETAIL', '1000', 95);
			price('RETAIL', '1000', 120, { Currency_Code: 'EUR' });
			says(failedWith('PRICE_GROUP_CURRENCIES', await deliver(world)), 'one customer price group for each currency');
			const dear = company(world).data.table('Sales Price').withField('Currency Code', 'EUR')[0]!;
			company(world).data.remove('Sales Price', dear, 'ANNA');
			group('EXPORT');
			price('EXPORT', '1000', 120, { Currency_Code: 'EUR' });
			await delivered(world);
			expect([pricesOf(world, 'RETAIL'), pricesOf(world, 'EXPORT')]).toEqual([['1000 PCS 95'], ['1000 PCS 120']]);
		}),

	PRICE_LINE_CURRENCY: () =>
		inShop(async (world) => {
			item(world, '1000');
			list(world, 'S1');
			line(world, 'S1', 10000, '1000', 90, { Currency_Code: 'EUR' });
			says(failedWith('PRICE_LINE_CURRENCY', await deliver(world)), 'Move the line to a price list of its currency');
			removeLine(world, 'S1', 10000);
			list(world, 'S2', { CurrencyCode: 'EUR' });
			line(world, 'S2', 10000, '1000', 90, { Currency_Code: 'EUR' });
			await delivered(world);
			expect(pricesOf(world, 'S2')).toEqual(['1000 PCS 90']);
		}),

	PRICE_LINE_TAKEN: () =>
		inShop(async (world) => {
			item(world, '1000');
			list(world, 'S1');
			line(world, 'S1', 10000, '1000', 90, { Starting_Date: '2025-01-01' });
			line(world, 'S1', 20000, '1000', 85, { Starting_Date: '2026-01-01' });
			const seen = failedWith('PRICE_LINE_TAKEN', await deliver(world));
			says(seen, 'Keep one line', 'Couple Records → Delete the Other Record', 'Couple Records → Retry');
			// The line of the past is the one whose price CRM has.
			removeLine(world, 'S1', 10000);
			await next(world);
			await use(world, async (session) => {
				const records = { mapping: 'PLLINE-PRODPRICE', side: 'crm' as const };
				const ids = world.sandbox.crm
					.rows('productpricelevel')
					.flatMap((row) => (row['amount'] === 90 ? [String(row['productpricelevelid'])] : []));
				expect((await deleteOther(session, { ...records, ids })).records.map(({ outcome }) => outcome)).toEqual(['deleted']);
				await retryAll(session, { mapping: 'PLLINE-PRODPRICE' });
			});
			await delivered(world);
			expect(pricesOf(world, 'S1')).toEqual(['1000 PCS 85']);
		}),

	EXCHANGE_RATE_MISSING: () =>
		inShop(async (world) => {
			company(world).seed('currencies', [{ code: 'XXX', displayName: 'No rate', symbol: 'X' }]);
			says(failedWith('EXCHANGE_RATE_MISSING', await deliver(world)), 'Enter an exchange rate for XXX', 'Currency Exchange Rates');
			company(world).seed('currencyExchangeRates', [
				{ currencyCode: 'XXX', startingDate: '2026-01-01', exchangeRateAmount: 1, relationalExchangeRateAmount: 2 },
			]);
			await delivered(world);
			expect(currency(world, 'XXX')).toBeDefined();
		}),

	VALUE_TAKEN: () =>
		inShop(async (world) => {
			// A service of the item's number, which the mapping of items passes over.
			const { group, units: own } = unitGroup(world, 'Time', 'Time');
			const other = product(world, 'Consulting', group, own['Time']!, { productnumber: '1000', producttypecode: 3 });
			item(world, '1000');
			const onlyItems = { mappings: ['CURRENCY', 'UNIT GROUP', 'ITEM UOM', 'ITEM-PRODUCT'] };
			const seen = failedWith('VALUE_TAKEN', await deliver(world, onlyItems));
			says(seen, 'couple the two in Couple Records', 'change the value in one of the systems');
			world.sandbox.crm.update('product', other, { productnumber: '1000-S' });
			world.minutes(30);
			expect(failures(await deliver(world, onlyItems))).toEqual([]);
			expect(productOf(world, '1000')).toMatchObject({ producttypecode: 1 });
		}),

	CUT_TO_ZERO: () =>
		inShop(async (world) => {
			const { crm } = world.sandbox;
			crm.update('organization', crm.organizationId, { pricingdecimalprecision: 2 });
			const id = item(world, '1000', { unitPrice: 0.004 });
			await deliver(world);
			const told = async () =>
				(await use(world, ({ store }) => store.log({ limit: 100 }))).rows.filter(({ code }) => code === 'CUT_TO_ZERO');
			expect((await told()).map(({ hint }) => hint)).toContainEqual(expect.stringContaining('the pricing precision of the organization'));
			crm.update('organization', crm.organizationId, { pricingdecimalprecision: 4 });
			company(world).update('items', id, { unitPrice: 0.004, displayName: 'Screw' });
			const before = (await told()).length;
			await delivered(world);
			expect((await told()).length).toBe(before);
		}),
};
