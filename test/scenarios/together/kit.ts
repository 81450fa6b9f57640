import { runFullSync, synchronizeAll } from '../../../engine';
import type { ActionResult } from '../../../engine/failures/types';
import { restoreRecords } from '../../../engine/failures/restore';
import type { SyncSession } from '../../../engine/ports/session';
import type { Side } from '../../../engine/model/side';
import { openScene, type Scene } from '../parties/scene';
import { item, resource, units } from '../products/shop';

type Row = Record<string, unknown>;

/** All tables at once: what people of both systems have entered, synchronized from the start. */
export interface Household extends Scene {
	company: ReturnType<Scene['world']['sandbox']['businessCentral']['company']>;
	/** Every active mapping, from both sides; what is missing is created. */
	everything(): Promise<void>;
	restore(mapping: string, side: Side, ids: readonly string[]): Promise<ActionResult>;
	/** What the failures and the records that wait say, one line each. */
	log(): Promise<string[]>;
	/** Couples as `number name – row name`, sorted. */
	couples(mapping: string): Promise<string[]>;
	/** Both systems as people see them, one line for each record: what is to be there again after a restore. */
	picture(): string[];
	/** A run of all mappings, with the search for what was deleted; the counters and failures that are not zero. */
	runs(): Promise<string[]>;
	/** Of a table of CRM or a set of Business Central: the row with the value; fails the test where there is none. */
	row1(table: string, column: string, value: unknown): Row;
	record1(set: string, property: string, value: unknown): Row & { id: string };
}

export async function openHousehold(settings: { unitGroups?: boolean; extendedPrices?: boolean } = {}): Promise<Household> {
	const scene = await openScene();
	const { world } = scene;
	world.sandbox.businessCentral.publish('NameDetails');
	if (Object.keys(settings).length > 0) await world.settings(settings);
	const company = world.sandbox.businessCentral.company(world.base.companyName);
	units(world, 'PCS', 'BOX', 'HOUR');
	const use = scene.use;
	const household: Household = {
		...scene,
		company,
		everything: async () => {
			const results = await use((session) =>
				runFullSync(session, { afterwards: 'keep', bothSides: 'createAll', ignoreDependencies: true }),
			);
			for (const { job } of results)
				expect([job.mapping, job.direction, job.status, job.message]).toEqual([job.mapping, job.direction, 'finished', job.message]);
		},
		restore: (mapping, side, ids) => use((session) => restoreRecords(session, { mapping, side, ids })),
		log: () => use(troubles),
		couples: async (mapping) =>
			(await scene.couplings(mapping)).map(({ bcNumber, bcName, crmName }) => `${bcNumber} ${bcName} – ${crmName}`).sort(),
		picture: () => picture(household),
		runs: () => use(runs),
		row1: (table, column, value) => found(world.sandbox.crm.rows(table), column, value),
		record1: (set, property, value) => found(company.rows(set), property, value) as Row & { id: string },
	};
	return household;
}

function found(rows: readonly Row[], column: string, value: unknown): Row {
	const all = rows.filter((each) => each[column] === value);
	if (all.length !== 1) throw new Error(`${all.length} rows with ${column} ${String(value)}.`);
	return all[0]!;
}

async function troubles({ store }: SyncSession): Promise<string[]> {
	const { rows } = await store.listFailures({ limit: 500 });
	return rows.map(({ mapping, direction, errorCode, message }) => `${mapping} ${direction} ${errorCode}: ${message}`).sort();
}

/** A customer and a vendor with persons, an item with two units and a resource, priced in a list of one's own. */
export function furnish(household: Household, extendedPrices = true) {
	const { world, enter, person, company } = household;
	const customer = enter('customers', { displayName: 'Adatum', addressLine1: 'Main Street 1', phoneNumber: '+44 1', creditLimit: 500 });
	const vendor = enter('vendors', { displayName: 'Fabrikam', phoneNumber: '+44 2' });
	const ann = person(customer, 'Ann Lee', { email: 'ann@adatum.example' });
	const bob = person(customer, 'Bob Ray', { email: 'bob@adatum.example' });
	const vic = person(vendor, 'Vic Fox', { email: 'vic@fabrikam.example' });
	const chair = item(world, 'I2', { unitPrice: 3, unitCost: 2 }, { BOX: 12 });
	resource(world, 'LINA', { Unit_Price: 50 });
	if (!extendedPrices) {
		company.insert('CustomerPriceGroups', { Code: 'G1', Description: 'Group 1' });
		company.insert('SalesPrices', { Item_No: 'I2', Sales_Type: 'Customer Price Group', Sales_Code: 'G1', Unit_Price: 2.5 });
		return { customer, vendor, ann, bob, vic, chair };
	}
	company.insert('SalesPriceList', { Code: 'S1', Description: 'Prices S1', Status: 'Active', AmountType: 'Price' });
	company.seed('PriceListLineReview', [
		{ Price_List_Code: 'S1', Line_No: 10000, Asset_Type: 'Item', Asset_No: 'I2', Unit_Price: 2.5, Amount_Type: 'Price', Status: 'Active' },
		{ Price_List_Code: 'S1', Line_No: 20000, Asset_Type: 'Item', Asset_No: 'I2', Unit_of_Measure_Code: 'BOX', Unit_Price: 27, Amount_Type: 'Price', Status: 'Active' }, // prettier-ignore
		{ Price_List_Code: 'S1', Line_No: 30000, Asset_Type: 'Resource', Asset_No: 'LINA', Unit_Price: 45, Amount_Type: 'Price', Status: 'Active' }, // prettier-ignore
	]);
	return { customer, vendor, ann, bob, vic, chair };
}

const text = (values: readonly unknown[]): string => values.map((value) => String(value ?? '')).join(' | ');

function picture({ company, world: { sandbox } }: Household): string[] {
	const { crm } = sandbox;
	const name = (table: string, id: unknown): unknown => {
		const row = typeof id === 'string' ? crm.get(table, id) : undefined;
		return row && (row['name'] ?? row['fullname'] ?? row['isocurrencycode']);
	};
	const bc = (set: string, ...properties: string[]): string[] =>
		company.rows(set).map((row) => text([set, ...properties.map((property) => row[property])]));
	const rows = (table: string, show: (row: Row) => readonly unknown[]): string[] =>
		crm.rows(table).map((row) => text([table, ...show(row)]));
	const persons = company.rows('contacts').filter((row) => row['type'] === 'Person');
	return [
		...bc('customers', 'number', 'displayName', 'addressLine1', 'phoneNumber', 'creditLimit', 'salespersonCode', 'paymentTermsId'),
		...bc('vendors', 'number', 'displayName', 'phoneNumber'),
		...persons.map((row) => text(['contacts', row['number'], row['displayName'], row['email'], row['companyName'], row['contactBusinessRelation']])), // prettier-ignore
		...bc('items', 'number', 'displayName', 'unitPrice', 'unitCost', 'baseUnitOfMeasureCode', 'blocked'),
		...bc('ItemUnitsOfMeasure', 'Item_No', 'Code', 'Qty_per_Unit_of_Measure'),
		...bc('ResourceCard', 'No', 'Name', 'Unit_Price', 'Base_Unit_of_Measure'),
		...bc('salespeoplePurchasers', 'code', 'displayName', 'email'),
		...rows('account', (row) => [row['name'], row['customertypecode'], row['telephone1'], row['creditlimit'], row['paymenttermscode'], name('contact', row['primarycontactid']), name('transactioncurrency', row['transactioncurrencyid'])]), // prettier-ignore
		...rows('contact', (row) => [row['fullname'], row['emailaddress1'], name('account', row['parentcustomerid'])]),
		...rows('product', (row) => [row['productnumber'], row['name'], row['price'], row['standardcost'], row['statecode'], name('uomschedule', row['defaultuomscheduleid']), name('uom', row['defaultuomid']), name('pricelevel', row['pricelevelid'])]), // prettier-ignore
		...rows('uomschedule', (row) => [row['name'], row['statecode']]),
		...rows('uom', (row) => [name('uomschedule', row['uomscheduleid']), row['name'], row['quantity']]),
		...rows('pricelevel', (row) => [row['name'], row['statecode'], name('transactioncurrency', row['transactioncurrencyid'])]),
		...rows('productpricelevel', (row) => [name('pricelevel', row['pricelevelid']), row['productnumber'], name('uom', row['uomid']), row['amount']]), // prettier-ignore
		...rows('transactioncurrency', (row) => [row['isocurrencycode'], row['currencyname'], row['exchangerate']]),
	].sort();
}

async function runs(session: SyncSession): Promise<string[]> {
	const results = await synchronizeAll(session, { createUncoupled: true, findDeleted: 'now' });
	return results.flatMap(({ job, failed }) => {
		const { inserted, modified, deleted, skipped, coupled, uncoupled, status } = job;
		const told = failed.map(({ errorCode, message }) => `${job.mapping} ${errorCode}: ${message}`);
		const counts = text([inserted, modified, deleted, job.failed, skipped, coupled, uncoupled, status]);
		return counts === '0 | 0 | 0 | 0 | 0 | 0 | 0 | finished' ? told : [`${job.mapping} ${job.direction} ${counts}`, ...told];
	});
}
