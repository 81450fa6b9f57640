import { runFullSync } from '../../../engine';
import { seedBusinessCentral, seedCrm, SEEDED } from '../../kit/seededCompany';
import { createWorld, type World } from '../../kit/world';
import { within, writes } from './fullSyncs';
import type { JobResult } from '../../../engine/jobs/jobResult';

let world: World;
beforeEach(async () => {
	world = await createWorld();
});
afterEach(() => world.close());

type Row = Record<string, unknown>;
const text = (value: unknown): string => (value === null || value === undefined || value === '0001-01-01' ? '' : String(value));
const rowsById = (rows: readonly Row[], ...keys: string[]): Map<string, Row> =>
	new Map(rows.map((row) => [keys.map((key) => text(row[key]).toLowerCase()).join(','), row]));

const company = () => world.sandbox.businessCentral.company(world.base.companyName);
const bc = (entitySet: string, ...keys: string[]) => rowsById(company().rows(entitySet), ...(keys.length === 0 ? ['id'] : keys));
const crm = (table: string) => rowsById(world.sandbox.crm.rows(table), `${table}id`);

async function everything(): Promise<JobResult[]> {
	return await within(world, (session) => runFullSync(session, { afterwards: 'keep' }));
}

/** F=0 everywhere. */
function expectDelivered(results: readonly JobResult[]): void {
	for (const { job, failed } of results) {
		const at = `${job.mapping} ${job.direction}`;
		expect([at, job.status, job.failed, job.skipped, failed.map(({ message }) => message)]).toEqual([at, 'finished', 0, 0, []]);
	}
}

/** Partners of a mapping: id in Business Central → id in CRM. */
async function partners(mapping: string): Promise<Map<string, string>> {
	return await within(world, async (session) => {
		const found = new Map<string, string>();
		let next: string | undefined;
		do {
			const page = await session.store.findCouplings({ mapping, limit: 5000, ...(next ? { next } : {}) });
			for (const { bcId, crmId } of page.rows) found.set(bcId, crmId);
			next = page.next;
		} while (next);
		return found;
	});
}

/** All records of one side have a partner, and each pair passes the look. Answers how many there are. */
async function eachPair(
	mapping: string,
	left: Map<string, Row>,
	right: Map<string, Row>,
	look: (bc: Row, crm: Row) => unknown,
): Promise<number> {
	const pairs = await partners(mapping);
	const wrong: unknown[] = [];
	for (const [bcId, crmId] of pairs) {
		const [one, other] = [left.get(bcId), right.get(crmId)];
		const found = one && other ? look(one, other) : 'a partner is gone';
		if (found !== null) wrong.push([mapping, bcId, found]);
	}
	expect(wrong.slice(0, 5)).toEqual([]);
	return pairs.size;
}

/** Null when the values are equal, as text or as numbers. */
function differing(one: Row, other: Row, pairs: ReadonlyArray<[string, string]>): string | null {
	for (const [left, right] of pairs) {
		const [a, b] = [text(one[left]), text(other[right])];
		if (a !== b && Number(a) !== Number(b)) return `${left} "${a}" ≠ ${right} "${b}"`;
	}
	return null;
}

const PARTY: ReadonlyArray<[string, string]> = [
	['displayName', 'name'],
	['addressLine1', 'address1_line1'],
	['city', 'address1_city'],
	['postalCode', 'address1_postalcode'],
	['country', 'address1_country'],
	['phoneNumber', 'telephone1'],
	['email', 'emailaddress1'],
];

/** Customers, vendors and their persons, with every lookup. */
async function expectParties(): Promise<void> {
	const accounts = crm('account');
	const currencies = crm('transactioncurrency');
	const currencyDiffers = (one: Row, other: Row): string | null => {
		const iso = text(currencies.get(text(other['transactioncurrencyid']))?.['isocurrencycode']);
		return iso === (text(one['currencyCode']) || 'GBP') ? null : `currency ${iso}`;
	};
	const party = (type: number) => (one: Row, other: Row) =>
		differing(one, other, PARTY) ?? currencyDiffers(one, other) ?? (other['customertypecode'] === type ? null : 'type');
	expect(await eachPair('CUSTOMER', bc('customers'), accounts, party(3))).toBe(SEEDED.customers);
	expect(await eachPair('VENDOR', bc('vendors'), accounts, party(11))).toBe(SEEDED.vendors);
	const names = (one: Row, other: Row): string | null =>
		differing(one, other, [
			['displayName', 'fullname'],
			['email', 'emailaddress1'],
		]) ?? (accounts.get(text(other['parentcustomerid']))?.['name'] === one['companyName'] ? null : `company ${text(one['companyName'])}`);
	expect(await eachPair('CONTACT', bc('contacts'), crm('contact'), names)).toBe(SEEDED.contacts);
}

/** Items, resources and their units; `own`: the groups were made for them. */
async function expectProducts(own: boolean): Promise<void> {
	const [units, groups] = [crm('uom'), crm('uomschedule')];
	const unitsDiffer = (kind: string, number: string, base: unknown, other: Row): string | null => {
		const unit = units.get(text(other['defaultuomid']));
		if (unit?.['name'] !== base || unit?.['uomscheduleid'] !== other['defaultuomscheduleid']) return `unit ${text(unit?.['name'])}`;
		const name = groups.get(text(other['defaultuomscheduleid']))?.['name'];
		return !own || name === `${kind} ${number} UOM GR` ? null : `group ${text(name)}`;
	};
	const item = (one: Row, other: Row) =>
		differing(one, other, [['displayName', 'name'], ...(own ? ([['number', 'productnumber'], ['unitPrice', 'price'], ['unitCost', 'standardcost']] as Array<[string, string]>) : [])]) ??
		unitsDiffer('ITEM', text(one['number']), one['baseUnitOfMeasureCode'], other) ??
		(other['statecode'] === 0 && other['producttypecode'] === 1 ? null : 'state'); // prettier-ignore
	expect(await eachPair('ITEM-PRODUCT', bc('items'), crm('product'), item)).toBe(SEEDED.items);
	const resource = (one: Row, other: Row) =>
		differing(one, other, [['Name', 'name'], ...(own ? ([['No', 'productnumber'], ['Unit_Price', 'price']] as Array<[string, string]>) : [])]) ??
		unitsDiffer('RESOURCE', text(one['No']), one['Base_Unit_of_Measure'], other) ??
		(other['statecode'] === 0 && other['producttypecode'] === 3 ? null : 'state'); // prettier-ignore
	expect(await eachPair('RESOURCE-PRODUCT', bc('ResourceCard', 'No'), crm('product'), resource)).toBe(SEEDED.resources);
	const unit: ReadonlyArray<[string, string]> = [
		['Code', 'name'],
		['Qty_per_Unit_of_Measure', 'quantity'],
	];
	for (const [mapping, page, owner, size] of [
		['ITEM UOM', 'ItemUnitsOfMeasure', 'Item_No', SEEDED.items],
		['RESOURCE UOM', 'ResourceUnitsOfMeasure', 'Resource_No', SEEDED.resources],
	] as const) {
		const all = bc(page, owner, 'Code');
		expect(all.size).toBeGreaterThanOrEqual(size);
		expect(await eachPair(mapping, all, units, (one, other) => differing(one, other, unit))).toBe(all.size);
	}
	expect((await partners('UNIT GROUP')).size).toBe(SEEDED.items + SEEDED.resources);
	// One price for each unit in the default price list, and no second list of that name.
	const lists = world.sandbox.crm.rows('pricelevel').filter(({ name }) => name === 'Business Central Default Price List');
	expect(lists).toHaveLength(1);
	const prices = world.sandbox.crm.rows('productpricelevel').filter(({ pricelevelid }) => pricelevelid === lists[0]!['pricelevelid']);
	expect(prices).toHaveLength((await partners('ITEM UOM')).size + (await partners('RESOURCE UOM')).size);
	const products = crm('product');
	for (const price of prices) {
		const quantity = Number(units.get(text(price['uomid']))!['quantity']);
		expect(Number(price['amount'])).toBeCloseTo(Number(products.get(text(price['productid']))!['price']) * quantity, 2);
	}
}

async function expectPriceLists(): Promise<void> {
	const [lists, products, units, currencies] = [crm('pricelevel'), crm('product'), crm('uom'), crm('transactioncurrency')];
	const iso = (row: Row | undefined): string => text(currencies.get(text(row?.['transactioncurrencyid']))?.['isocurrencycode']);
	const header = (one: Row, other: Row) =>
		differing(one, other, [
			['Code', 'name'],
			['Description', 'description'],
		]) ??
		(iso(other) === (text(one['CurrencyCode']) || 'GBP') ? null : 'currency') ??
		(text(other['begindate']).startsWith(text(one['StartingDate'])) ? null : 'date');
	expect(await eachPair('PLHEADER-PRICE', bc('SalesPriceList', 'Code'), lists, header)).toBe(SEEDED.priceLists);
	const line = (one: Row, other: Row) =>
		lists.get(text(other['pricelevelid']))?.['name'] !== one['Price_List_Code']
			? 'list'
			: products.get(text(other['productid']))?.['productnumber'] !== one['Asset_No']
				? 'product'
				: units.get(text(other['uomid']))?.['name'] !== (one['Asset_Type'] === 'Resource' ? 'HOUR' : 'PCS')
					? 'unit'
					: Math.abs(Number(other['amount']) - Number(one['Unit_Price'])) > 0.0051 || other['pricingmethodcode'] !== 1
						? `amount ${text(other['amount'])}`
						: null;
	const lines = bc('PriceListLineReview', 'Price_List_Code', 'Line_No');
	expect(await eachPair('PLLINE-PRODPRICE', lines, world.sandbox.crm.rows('productpricelevel').length > 0 ? crm('productpricelevel') : new Map(), line)).toBe(SEEDED.priceLists * SEEDED.linesPerList); // prettier-ignore
}

test('a company of 500 customers, 200 vendors, 1,500 contacts, 300 items, 50 resources and 4 price lists of 300 lines into an empty CRM: equal values, every lookup right, no failure, and a further run that writes nothing', async () => {
	seedBusinessCentral(world);
	expectDelivered(await everything());
	expect((await partners('SALESPEOPLE')).size).toBeGreaterThanOrEqual(SEEDED.salespeople);
	expect(world.sandbox.crm.rows('transactioncurrency').length).toBeGreaterThan(SEEDED.currencies);
	await expectParties();
	await expectProducts(true);
	await expectPriceLists();
	world.minutes(1);
	world.takeRequests();
	expectDelivered(await everything());
	expect(writes(world.takeRequests())).toBe(0);
}, 120_000);

test('the same company out of CRM into an empty Business Central, for the mappings that go both ways', async () => {
	seedCrm(world);
	expectDelivered(await everything());
	await expectParties();
	await expectProducts(false);
	world.minutes(1);
	world.takeRequests();
	expectDelivered(await everything());
	expect(writes(world.takeRequests())).toBe(0);
}, 120_000);
