import type { SyncSession } from '../../../engine/ports/session';
import type { JobResult } from '../../../engine/jobs/jobResult';
import { createWorld, type SessionOptions, type World } from '../../kit/world';
import { item, product, resource, unitGroup, units } from '../products/shop';

export type Row = Record<string, unknown>;

/** A table mapping whose rows carry the company, with a record of it as a person enters it on either side. */
export interface CarryingTable {
	mapping: string;
	bcSet: string;
	crmTable: string;
	/** By what a record and its row are known to belong together. */
	match: { bcField: string; crmField: string };
	/** Mappings whose records it needs first, in order. */
	before: readonly string[];
	/** Settings of the company without which it is not active. */
	settings?: Row;
	/** Enters a record in Business Central. */
	enter(shared: Shared): void;
	/** Enters a row in CRM; absent where the mapping only goes to CRM. */
	row?(shared: Shared): string;
}

/** All default mappings with the column of the company. */
export const TABLES: readonly CarryingTable[] = [
	{
		mapping: 'CUSTOMER',
		bcSet: 'customers',
		crmTable: 'account',
		match: { bcField: 'displayName', crmField: 'name' },
		before: [],
		enter: ({ insert }) => insert('customers', { displayName: 'Adatum' }),
		row: ({ world }) => world.sandbox.crm.insert('account', { name: 'Litware', customertypecode: 3 }),
	},
	{
		mapping: 'VENDOR',
		bcSet: 'vendors',
		crmTable: 'account',
		match: { bcField: 'displayName', crmField: 'name' },
		before: [],
		enter: ({ insert }) => insert('vendors', { displayName: 'Northern Steel' }),
		row: ({ world }) => world.sandbox.crm.insert('account', { name: 'Southern Steel', customertypecode: 11 }),
	},
	{
		mapping: 'CONTACT',
		bcSet: 'contacts',
		crmTable: 'contact',
		match: { bcField: 'displayName', crmField: 'fullname' },
		before: ['CUSTOMER'],
		enter: ({ insert, company }) => {
			insert('customers', { displayName: 'Adatum' });
			const number = company().find('contacts', ({ displayName }) => displayName === 'Adatum')!['number'] as string;
			insert('contacts', { type: 'Person', displayName: 'Robert Townes', companyNumber: number });
		},
		row: ({ world }) => {
			const account = world.sandbox.crm.insert('account', { name: 'Litware', customertypecode: 3 });
			return world.sandbox.crm.insert('contact', {
				firstname: 'Anna',
				lastname: 'Cruz',
				parentcustomerid: { table: 'account', id: account },
			});
		},
	},
	{
		mapping: 'ITEM-PRODUCT',
		bcSet: 'items',
		crmTable: 'product',
		match: { bcField: 'number', crmField: 'productnumber' },
		before: ['CURRENCY', 'UNIT GROUP', 'ITEM UOM'],
		enter: ({ world }) => void item(world, '1000'),
		row: ({ world }) => {
			const { group, units: own } = unitGroup(world, 'Bottles', 'PCS', { BOX: 6 });
			return product(world, 'Water', group, own['PCS']!);
		},
	},
	{
		mapping: 'RESOURCE-PRODUCT',
		bcSet: 'ResourceCard',
		crmTable: 'product',
		match: { bcField: 'No', crmField: 'productnumber' },
		before: ['CURRENCY', 'UNIT GROUP', 'RESOURCE UOM'],
		enter: ({ world }) => resource(world, 'LINA'),
		row: ({ world }) => {
			const { group, units: own } = unitGroup(world, 'Hours', 'HOUR');
			return product(world, 'Advice', group, own['HOUR']!, { producttypecode: 3 });
		},
	},
	{
		mapping: 'CUSTPRCGRP-PRICE',
		bcSet: 'CustomerPriceGroups',
		crmTable: 'pricelevel',
		match: { bcField: 'Code', crmField: 'name' },
		before: ['CURRENCY'],
		settings: { extendedPrices: false },
		enter: ({ insert }) => insert('CustomerPriceGroups', { Code: 'RETAIL', Description: 'Retail' }),
	},
	{
		mapping: 'PLHEADER-PRICE',
		bcSet: 'SalesPriceList',
		crmTable: 'pricelevel',
		match: { bcField: 'Code', crmField: 'name' },
		before: ['CURRENCY'],
		settings: { extendedPrices: true },
		enter: ({ insert }) => insert('SalesPriceList', { Code: 'S1', Description: 'Spring', Status: 'Active', AmountType: 'Price' }),
	},
];

/** Both systems with the units that items need, and a few words. */
export interface Shared {
	world: World;
	company(): ReturnType<World['sandbox']['businessCentral']['company']>;
	insert(set: string, values: Row): void;
	use<T>(work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T>;
	/** Runs mappings one after the other, creating what is missing; fails the test when a job does not finish. */
	run(...mappings: readonly string[]): Promise<JobResult[]>;
	/** The one couple of a mapping that was made last. */
	couple(mapping: string): Promise<{ bcId: string; crmId: string }>;
}

export async function openShared(settings: Row = {}): Promise<Shared> {
	const world = await createWorld();
	units(world, 'PCS', 'BOX', 'HOUR');
	await world.settings(settings);
	const use: Shared['use'] = async (work, options) => {
		const session = await world.open(options);
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	};
	const company = () => world.sandbox.businessCentral.company(world.base.companyName);
	return {
		world,
		company,
		insert: (set, values) => void company().insert(set, values),
		use,
		async run(...mappings) {
			const results: JobResult[] = [];
			for (const mapping of mappings) results.push(...(await world.run({ mapping, createUncoupled: true })));
			for (const { job } of results)
				expect([job.mapping, job.direction, job.status, job.message]).toEqual([job.mapping, job.direction, 'finished', job.message]);
			return results;
		},
		couple: async (mapping) => {
			const { rows } = await use(({ store }) => store.findCouplings({ mapping, limit: 100 }));
			return rows[rows.length - 1]!;
		},
	};
}
