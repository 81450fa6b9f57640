import type { World } from '../../../kit/world';
import type { Row, Side } from '../../fields';

/** Which way people's entries travel; one that goes one way is entered on its source alone. */
export type Way = 'bidirectional' | 'toCrm' | 'fromCrm';

export type KindName =
	'salesperson' | 'currency' | 'terms' | 'customer' | 'vendor' | 'person' | 'item' | 'resource' | 'unit' | 'list' | 'line';

/** A field that people edit, as each side shows it; written down by hand: it must not share the engine's code. */
export interface KindField {
	/** As the table mapping calls it, so that what a run says of it is found. */
	caption: string;
	way: Way;
	bc(world: World, row: Row): string;
	crm(world: World, row: Row): string;
	/** Absent where nobody edits it: then both sides show the same. */
	enterBc?(world: World, row: Row, value: string): void;
	enterCrm?(world: World, row: Row, value: string): void;
	/** Default a word of its own. `reference`: the mark of a record of `to`. */
	values?: 'word' | 'amount' | 'yesNo' | 'reference';
	to?: KindName;
	/** What the other side holds by itself is nobody's matter until somebody enters something. */
	onlyEntered?: true;
}

export interface Kind {
	name: KindName;
	mapping: string;
	/** Which way its mapping goes. */
	way: Way;
	/** Of other mappings, which have something to do when one of these changes. */
	follows: readonly string[];
	fields: readonly KindField[];
	rows(world: World, side: Side): Row[];
	/** Which record it is: the beginning of its name, which nobody edits. */
	mark(world: World, side: Side, row: Row): string;
	id(side: Side, row: Row): string;
	remove(world: World, side: Side, row: Row): void;
	/** The table's rows in CRM name our company. */
	stamped: boolean;
}

export const companyOf = (world: World) => world.sandbox.businessCentral.company(world.base.companyName);
export const text = (value: unknown): string => String(value ?? '');
/** Every name begins with the mark of its record, which nobody edits. */
export const markIn = (name: unknown): string => /^#\d+/.exec(text(name))?.[0] ?? '';

export interface Column {
	caption: string;
	set: string;
	/** Property of the record that names its row in `set`; default the id. */
	key?: string;
	bc: string;
	crm: string;
	way?: Way;
	values?: KindField['values'];
}

/** A field with a property and a column of its own. */
export function plain(
	table: string,
	id: string,
	{ caption, set, key = 'id', bc, crm, way = 'bidirectional', values = 'word' }: Column,
): KindField {
	const given = (value: string): string | number => (values === 'amount' ? Number(value) : value);
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

/** The mark of the row of CRM that a lookup names. */
export function markOfRow(world: World, table: string, id: unknown, name: string): string {
	const row = typeof id === 'string' && id !== '' ? world.sandbox.crm.get(table, id) : undefined;
	return markIn(row?.[name]);
}

/** The first row whose name begins with the mark. */
export const withMark = (rows: readonly Row[], name: string, mark: string): Row => {
	const row = rows.find((each) => markIn(each[name]) === mark);
	if (!row) throw new Error(`Nothing is called ${mark}.`);
	return row;
};

export const same = ({ values }: KindField, one: string, other: string): boolean =>
	one === other || (values === 'amount' && Number(one) === Number(other));
