import { runFullSync } from '../../../engine';
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
				runFullSync(session, { afterwards: 'keep', bothSides: 'createAll', ignoreDependencies: true } as never),
			);
			for (const { job } of results)
				expect([job.mapping, job.direction, job.status, job.message]).toEqual([job.mapping, job.direction, 'finished', job.message]);
		},
		restore: (mapping, side, ids) => use((session) => restoreRecords(session, { mapping, side, ids })),
		log: () => use(troubles),
		couples: async (mapping) =>
			(await scene.couplings(mapping)).map(({ bcNumber, bcName, crmName }) => `${bcNumber} ${bcName} – ${crmName}`).sort(),
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
	const { rows } = await store.listFailures({ limit: 500 } as never);
	return rows.map(({ mapping, direction, errorCode, message }) => `${mapping} ${direction} ${errorCode}: ${message}`).sort();
}

/** A customer and a vendor with persons, an item with two units and a resource, priced in a list of one's own. */
export function furnish(household: Household) {
	const { world, enter, person, company } = household;
	const customer = enter('customers', { displayName: 'Adatum', addressLine1: 'Main Street 1', phoneNumber: '+44 1', creditLimit: 500 });
	const vendor = enter('vendors', { displayName: 'Fabrikam', phoneNumber: '+44 2' });
	const ann = person(customer, 'Ann Lee', { email: 'ann@adatum.example' });
	const bob = person(customer, 'Bob Ray', { email: 'bob@adatum.example' });
	const vic = person(vendor, 'Vic Fox', { email: 'vic@fabrikam.example' });
	const chair = item(world, 'I2', { unitPrice: 3, unitCost: 2 }, { BOX: 12 });
	resource(world, 'LINA', { Unit_Price: 50 });
	company.insert('SalesPriceList', { Code: 'S1', Description: 'Prices S1', Status: 'Active', AmountType: 'Price' });
	company.seed('PriceListLineReview', [
		{ Price_List_Code: 'S1', Line_No: 10000, Asset_Type: 'Item', Asset_No: 'I2', Unit_Price: 2.5, Amount_Type: 'Price', Status: 'Active' },
		{ Price_List_Code: 'S1', Line_No: 20000, Asset_Type: 'Item', Asset_No: 'I2', Unit_of_Measure_Code: 'BOX', Unit_Price: 27, Amount_Type: 'Price', Status: 'Active' }, // prettier-ignore
		{ Price_List_Code: 'S1', Line_No: 30000, Asset_Type: 'Resource', Asset_No: 'LINA', Unit_Price: 45, Amount_Type: 'Price', Status: 'Active' }, // prettier-ignore
	]);
	return { customer, vendor, ann, bob, vic, chair };
}
