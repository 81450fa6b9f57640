import type { World } from '../../kit/world';
import type { Row, Side } from '../fields';

/** Which way people's entries travel; one that goes one way is entered on its source alone. */
export type Way = 'bidirectional' | 'toCrm' | 'fromCrm';

/** A field that people edit, as each side shows it; written down by hand: it must not share the engine's code. */
export interface KindField {
	caption: string;
	way: Way;
	bc(world: World, row: Row): string;
	crm(world: World, row: Row): string;
	enterBc(world: World, row: Row, value: string): void;
	enterCrm?(world: World, row: Row, value: string): void;
	/** Default a word of its own. */
	values?: 'word' | 'amount' | 'yesNo';
}

export interface Kind {
	name: string;
	mapping: string;
	fields: readonly KindField[];
	rows(world: World, side: Side): Row[];
	id(side: Side, row: Row): string;
	remove(world: World, side: Side, row: Row): void;
	/** Whether the row on that side belongs to our company, as far as its table tells. */
	stamped: boolean;
}

export const companyOf = (world: World) => world.sandbox.businessCentral.company(world.base.companyName);
const text = (value: unknown): string => String(value ?? '');
/** Every name begins with the mark of its record, which nobody edits. */
export const markIn = (name: unknown): string => /^#\d+/.exec(text(name))?.[0] ?? '';

interface Column {
	caption: string;
	set: string;
	/** Property of the record that names its row in `set`; default the id. */
	key?: string;
	bc: string;
	crm: string;
	way?: Way;
	values?: KindField['values'];
}

function plain(
	table: string,
	id: string,
	{ caption, set, key = 'id', bc, crm, way = 'bidirectional', values = 'word' }: Column,
): KindField {
	const numeric = values === 'amount';
	const given = (value: string): string | number => (numeric ? Number(value) : value);
	return {
		caption,
		way,
		values,
		bc: (world, row) => text(companyOf(world).get(set, text(row[key]))?.[bc]),
		crm: (_world, row) => text(row[crm]),
		enterBc: (world, row, value) => void companyOf(world).update(set, text(row[key]), { [bc]: given(value) }),
		enterCrm: (world, row, value) => void world.sandbox.crm.update(table, text(row[id]), { [crm]: given(value) }),
	};
}

function party(name: 'customer' | 'vendor'): Kind {
	const set = `${name}s`;
	const page = name === 'customer' ? 'workflowCustomers' : 'workflowVendors';
	const type = name === 'customer' ? 3 : 11;
	const column = (caption: string, bc: string, crm: string, more: Partial<Column> = {}): KindField =>
		plain('account', 'accountid', { caption, set, bc, crm, ...more });
	return {
		name,
		mapping: name.toUpperCase(),
		stamped: true,
		fields: [
			column('Name', 'displayName', 'name'),
			column('Address', 'addressLine1', 'address1_line1'),
			column('Phone No.', 'phoneNumber', 'telephone1'),
			column('E-Mail', 'email', 'emailaddress1'),
			column('Fax No.', 'faxNumber', 'fax', { set: page, key: 'number' }),
			...(name === 'customer' ? [column('Credit Limit', 'creditLimit', 'creditlimit', { way: 'toCrm', values: 'amount' })] : []),
		],
		rows: (world, side) =>
			side === 'crm' ? world.sandbox.crm.rows('account').filter((row) => row['customertypecode'] === type) : companyOf(world).rows(set),
		id: (side, row) => text(row[side === 'crm' ? 'accountid' : 'id']),
		remove: (world, side, row) =>
			side === 'crm' ? world.sandbox.crm.remove('account', text(row['accountid'])) : companyOf(world).remove(set, text(row['id'])),
	};
}

const person: Kind = {
	name: 'person',
	mapping: 'CONTACT',
	stamped: true,
	fields: [
		{
			caption: 'Name',
			way: 'bidirectional',
			bc: (_world, row) => text(row['displayName']),
			crm: (_world, row) => text(row['fullname']),
			enterBc: (world, row, value) => void companyOf(world).update('contacts', text(row['id']), { displayName: value }),
			enterCrm: (world, row, value) => {
				const [firstname, lastname] = value.split(' ') as [string, string];
				world.sandbox.crm.update('contact', text(row['contactid']), { firstname, lastname });
			},
		},
		plain('contact', 'contactid', { caption: 'E-Mail', set: 'contacts', bc: 'email', crm: 'emailaddress1' }),
		plain('contact', 'contactid', { caption: 'Mobile Phone No.', set: 'contacts', bc: 'mobilePhoneNumber', crm: 'mobilephone' }),
	],
	rows: (world, side) =>
		side === 'crm'
			? world.sandbox.crm.rows('contact')
			: companyOf(world)
					.rows('contacts')
					.filter(({ type }) => type === 'Person'),
	id: (side, row) => text(row[side === 'crm' ? 'contactid' : 'id']),
	remove: (world, side, row) =>
		side === 'crm' ? world.sandbox.crm.remove('contact', text(row['contactid'])) : companyOf(world).remove('contacts', text(row['id'])),
};

function blocked(set: string, key: string, property: string): KindField {
	return {
		caption: 'Blocked',
		way: 'bidirectional',
		values: 'yesNo',
		bc: (_world, row) => text(row[property]),
		crm: (_world, row) => text(row['statecode'] !== 0),
		enterBc: (world, row, value) => void companyOf(world).update(set, text(row[key]), { [property]: value === 'true' }),
		enterCrm: (world, row, value) =>
			void world.sandbox.crm.update('product', text(row['productid']), { statecode: value === 'true' ? 1 : 0 }),
	};
}

const item: Kind = {
	name: 'item',
	mapping: 'ITEM-PRODUCT',
	stamped: true,
	fields: [
		plain('product', 'productid', { caption: 'Description', set: 'items', bc: 'displayName', crm: 'name' }),
		plain('product', 'productid', { caption: 'Unit Price', set: 'items', bc: 'unitPrice', crm: 'price', way: 'toCrm', values: 'amount' }),
		blocked('items', 'id', 'blocked'),
	],
	rows: (world, side) =>
		side === 'crm' ? world.sandbox.crm.rows('product').filter((row) => row['producttypecode'] !== 3) : companyOf(world).rows('items'),
	id: (side, row) => text(row[side === 'crm' ? 'productid' : 'id']),
	remove: (world, side, row) =>
		side === 'crm' ? world.sandbox.crm.remove('product', text(row['productid'])) : companyOf(world).remove('items', text(row['id'])),
};

const resource: Kind = {
	name: 'resource',
	mapping: 'RESOURCE-PRODUCT',
	stamped: true,
	fields: [
		plain('product', 'productid', { caption: 'Name', set: 'ResourceCard', key: 'No', bc: 'Name', crm: 'name' }),
		plain('product', 'productid', {
			...{ caption: 'Unit Price', set: 'ResourceCard', key: 'No', bc: 'Unit_Price', crm: 'price', way: 'toCrm', values: 'amount' },
		}),
		blocked('ResourceCard', 'No', 'Blocked'),
	],
	rows: (world, side) =>
		side === 'crm'
			? world.sandbox.crm.rows('product').filter((row) => row['producttypecode'] === 3)
			: companyOf(world).rows('ResourceCard'),
	id: (side, row) => text(row[side === 'crm' ? 'productid' : 'No']),
	remove: (world, side, row) =>
		side === 'crm' ? world.sandbox.crm.remove('product', text(row['productid'])) : companyOf(world).remove('ResourceCard', text(row['No'])),
};

export const KINDS: readonly Kind[] = [party('customer'), party('vendor'), person, item, resource];
export const kindNamed = (name: string): Kind => KINDS.find((kind) => kind.name === name)!;
/** The field with the name of a record is the first. */
export const nameOf = (world: World, kind: Kind, side: Side, row: Row): string =>
	side === 'crm' ? kind.fields[0]!.crm(world, row) : kind.fields[0]!.bc(world, row);
