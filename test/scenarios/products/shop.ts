import { runFullSync } from '../../../engine';
import type { SessionOptions, World } from '../../kit/world';
import type { JobResult } from '../../../engine/jobs/jobResult';

type Row = Record<string, unknown>;

export const company = (world: World) => world.sandbox.businessCentral.company(world.base.companyName);

export function units(world: World, ...codes: string[]): void {
	for (const code of codes) company(world).insert('unitsOfMeasure', { code, displayName: code.toLowerCase() });
}

/** An item with its base unit PCS; units more than that by code and quantity. */
export function item(world: World, number: string, values: Row = {}, others: Readonly<Record<string, number>> = {}): string {
	const { id } = company(world).insert('items', {
		number,
		displayName: `Item ${number}`,
		type: 'Inventory',
		baseUnitOfMeasureCode: 'PCS',
		unitPrice: 100,
		...values,
	});
	for (const [Code, Qty_per_Unit_of_Measure] of Object.entries(others))
		company(world).insert('ItemUnitsOfMeasure', { Item_No: number, Code, Qty_per_Unit_of_Measure });
	return String(id);
}

export const resource = (world: World, No: string, values: Row = {}): void =>
	void company(world).insert('ResourceCard', {
		No,
		Name: `Resource ${No}`,
		Type: 'Person',
		Base_Unit_of_Measure: 'HOUR',
		Unit_Price: 50,
		...values,
	});

/** A unit group of CRM, with further units by name and quantity of its base unit. Answers the ids. */
export function unitGroup(world: World, name: string, base: string, others: Readonly<Record<string, number>> = {}) {
	const { crm } = world.sandbox;
	const group = crm.insert('uomschedule', { name, baseuomname: base });
	const baseUnit = String(crm.rows('uom').find((unit) => unit['uomscheduleid'] === group)!['uomid']);
	const all: Record<string, string> = { [base]: baseUnit };
	for (const [other, quantity] of Object.entries(others))
		all[other] = crm.insert('uom', { name: other, quantity, uomscheduleid: group, baseuom: baseUnit });
	return { group, units: all };
}

/** A product as somebody enters it in Dynamics 365 Sales, published. */
export function product(world: World, name: string, group: string, unit: string, values: Row = {}): string {
	const { crm } = world.sandbox;
	const id = crm.insert('product', {
		name,
		productnumber: `P-${name}`,
		defaultuomscheduleid: group,
		defaultuomid: unit,
		producttypecode: 1,
		...values,
	} as never);
	crm.update('product', id, { statecode: 0 });
	return id;
}

/** Everything but customers and vendors, in order; what is missing is created. */
export const PRODUCTS = ['CURRENCY', 'UNIT OF MEASURE', 'UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT', 'CUSTPRCGRP-PRICE', 'SALESPRC-PRODPRICE', 'PLHEADER-PRICE', 'PLLINE-PRODPRICE']; // prettier-ignore

/** Runs those of the mappings that are active; fails the test when a job does not finish. */
export async function deliver(
	world: World,
	options?: SessionOptions & { pageSize?: number; mappings?: readonly string[] },
): Promise<JobResult[]> {
	const session = await world.open(options);
	try {
		const active = (await session.store.companySettings()) as { unitGroups?: boolean; extendedPrices?: boolean };
		const off = [
			...(active.unitGroups === false ? ['UNIT GROUP', 'ITEM UOM', 'RESOURCE UOM'] : ['UNIT OF MEASURE']),
			...(active.extendedPrices === false ? ['PLHEADER-PRICE', 'PLLINE-PRODPRICE'] : ['CUSTPRCGRP-PRICE', 'SALESPRC-PRODPRICE']),
		];
		const mappings = (options?.mappings ?? PRODUCTS).filter((name) => !off.includes(name));
		const pageSize = options?.pageSize;
		const results = await runFullSync(session, {
			mappings,
			afterwards: 'keep',
			ignoreDependencies: true,
			...(pageSize ? { pageSize } : {}),
		});
		for (const { job } of results)
			expect([job.mapping, job.direction, job.status, job.message]).toEqual([job.mapping, job.direction, 'finished', job.message]);
		return results;
	} finally {
		await session.store.close();
	}
}

export const job = (results: readonly JobResult[], mapping: string, direction = 'toCrm'): JobResult =>
	results.find((each) => each.job.mapping === mapping && each.job.direction === direction && each.job.type !== 'coupling')!;

export const codes = ({ failed }: JobResult): string[] => failed.map(({ errorCode }) => errorCode);
export const failures = (results: readonly JobResult[]): string[] =>
	results.flatMap((each) => codes(each).map((code) => `${each.job.mapping} ${code}`));

const found = (rows: readonly Row[], column: string, value: unknown): Row => {
	const row = rows.find((each) => each[column] === value);
	if (!row) throw new Error(`No row with ${column} ${String(value)}.`);
	return row;
};

export const productOf = (world: World, number: string): Row => found(world.sandbox.crm.rows('product'), 'productnumber', number);
export const listNamed = (world: World, name: string): Row => found(world.sandbox.crm.rows('pricelevel'), 'name', name);
export const DEFAULT_LIST = 'Business Central Default Price List';

/** Prices of a list as `number unit amount`, sorted. */
export function pricesOf(world: World, list: string): string[] {
	const { crm } = world.sandbox;
	const { pricelevelid } = listNamed(world, list);
	const unit = (id: unknown): string => String(found(crm.rows('uom'), 'uomid', id)['name']);
	return crm
		.rows('productpricelevel')
		.filter((price) => price['pricelevelid'] === pricelevelid)
		.map((price) => `${String(price['productnumber'])} ${unit(price['uomid'])} ${String(price['amount'])}`)
		.sort();
}

/** Rows written on either side since the last look. */
export const writes = (world: World): number => world.takeRequests().reduce((sum, request) => sum + request.writes, 0);
