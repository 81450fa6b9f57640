import type { TableMapping } from '../../../engine/model/tableMapping';
import { createWorld, itIsNew, type World } from '../../kit/world';
import type { Coupling } from '../../../engine/model/coupling';

/** A mapping of a user's own: the published page Resource Card and contacts of CRM, both ways. */
export const RESOURCES: TableMapping = {
	name: 'RESOURCES',
	caption: 'Resources – contacts',
	bc: { name: 'ResourceCard', numberField: 'No', nameField: 'Name', page: { keys: ['No'] } },
	crm: { name: 'contact', numberField: null, nameField: 'lastname' },
	direction: 'bidirectional',
	onlyCoupled: false,
	bcFilter: { conditions: [{ field: 'Type', operator: 'eq', value: 'Person', type: 'enum' }] },
	crmFilter: { conditions: [] },
	conflict: 'none',
	deletion: 'none',
	dependsOn: [],
	fields: [
		{
			key: 'No',
			caption: 'No.',
			bcField: 'No',
			crmField: 'employeeid',
			direction: 'bidirectional',
			kind: 'code',
			enabled: true,
			bcLength: 20,
		},
		{
			key: 'Name',
			caption: 'Name',
			bcField: 'Name',
			crmField: 'lastname',
			direction: 'bidirectional',
			kind: 'text',
			enabled: true,
			bcLength: 100,
			crmLength: 50,
		},
		{
			key: 'Job',
			caption: 'Job Title',
			bcField: 'Job_Title',
			crmField: 'jobtitle',
			direction: 'bidirectional',
			kind: 'text',
			enabled: true,
			bcLength: 30,
			crmLength: 100,
		},
		{
			key: 'City',
			caption: 'City',
			bcField: 'City',
			crmField: 'address1_city',
			direction: 'toCrm',
			kind: 'text',
			enabled: true,
			bcLength: 30,
			crmLength: 80,
		},
	],
	companyStamp: false,
	enabled: true,
	overlapMs: { businessCentral: 0, crm: 600_000 },
	own: true,
};

/** Units of items, which two keys name, as contacts. */
export const UNITS: TableMapping = {
	...RESOURCES,
	name: 'UNITS',
	caption: 'Units – contacts',
	bc: { name: 'ItemUnitsOfMeasure', numberField: null, nameField: 'Code', page: { keys: ['Item_No', 'Code'] } },
	direction: 'toCrm',
	onlyCoupled: true,
	bcFilter: { conditions: [] },
	fields: [
		{ key: 'Code', caption: 'Code', bcField: 'Code', crmField: 'lastname', direction: 'toCrm', kind: 'code', enabled: true },
		{
			key: 'Quantity',
			caption: 'Quantity',
			bcField: 'Qty_per_Unit_of_Measure',
			crmField: 'numberofchildren',
			direction: 'toCrm',
			kind: 'number',
			enabled: true,
			decimals: 0,
		},
	],
};

type Row = Record<string, unknown>;

export interface Resources {
	world: World;
	resources(): Row[];
	contacts(): Row[];
	couplings(): Promise<Coupling[]>;
	resource(number: string): Row;
	editResource(number: string, values: Record<string, string | boolean>): void;
	removeResource(number: string): void;
	contact(number: string): Row;
	editContact(number: string, values: Record<string, string | null>): void;
	close(): Promise<void>;
}

/** A world with the page published and the mapping saved; `count` resources R0, R1, … and as many contacts P0, P1, … */
export async function createResources(count: number, mapping: TableMapping = RESOURCES): Promise<Resources> {
	const world = await createWorld();
	const { businessCentral, crm } = world.sandbox;
	businessCentral.publish('ResourceCard');
	const company = businessCentral.company(world.base.companyName);
	company.seed(
		'ResourceCard',
		Array.from({ length: count }, (_, index) => ({
			No: `R${index}`,
			Name: `Resource ${index}`,
			Type: 'Person',
			Job_Title: 'Installer',
			City: 'Leeds',
		})),
	);
	crm.seed(
		'contact',
		Array.from({ length: count }, (_, index) => ({
			contactid: `0000000c-0000-4000-8000-${String(index).padStart(12, '0')}`,
			employeeid: `P${index}`,
			lastname: `Person ${index}`,
			jobtitle: 'Planner',
		})),
	);
	const { store } = await world.open();
	await store.saveSettings(mapping.name, { definition: mapping });
	await store.close();
	await itIsNew(world, mapping.name);
	world.minutes(30);
	const contact = (number: string): Row => crm.rows('contact').find((row) => row['employeeid'] === number)!;
	return {
		world,
		resources: () => company.rows('ResourceCard'),
		contacts: () => crm.rows('contact'),
		couplings: async () => {
			const opened = await world.open();
			const { rows } = await opened.store.findCouplings({ mapping: mapping.name, limit: 1_000 });
			await opened.store.close();
			return rows;
		},
		resource: (number) => company.rows('ResourceCard').find((row) => row['No'] === number)!,
		editResource: (number, values) => void company.update('ResourceCard', number, values),
		removeResource: (number) => company.remove('ResourceCard', number),
		contact,
		editContact: (number, values) => void crm.update('contact', String(contact(number)['contactid']), values),
		close: () => world.close(),
	};
}

/** What both systems hold, number by number. */
export const agreement = (at: Resources): string[] =>
	at
		.resources()
		.filter((row) => row['Type'] === 'Person')
		.map((row) => {
			const contact = at.contact(String(row['No']));
			const shown = (left: unknown, right: unknown): string =>
				left === (right ?? '') ? String(left) : `${String(left)} ≠ ${String(right)}`;
			return [row['No'], shown(row['Name'], contact?.['lastname']), shown(row['Job_Title'], contact?.['jobtitle'])].join(' | ');
		})
		.sort();
