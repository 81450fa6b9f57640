import data from './objects.json';
import { alField, alTables, type AlType } from '../model/alTables';

/** Whether the table has a key that begins with SystemModifiedAt: with SystemId behind it, alone, or not at all. */
export type ChangeIndex = 'composite' | 'modifiedAt' | 'none';

export interface FeedField {
	no: number;
	/** As rows of the sandbox call it. */
	name: string;
	type: AlType;
	/** Ordinals of the members of an enum, in their order. */
	ordinals: readonly number[];
}

/** A table by its object number, with its fields by theirs. */
export interface FeedTable {
	no: number;
	name: string;
	index: ChangeIndex;
	fields: ReadonlyMap<number, FeedField>;
}

const ordinalsOf: Readonly<Record<string, readonly number[] | undefined>> = data.ordinals;

const fieldOf = (table: string, no: number, name: string): FeedField => {
	const { type } = alField(alTables.get(table.toLowerCase())!, name)!;
	const ordinals = (type.enumName ? ordinalsOf[type.enumName] : undefined) ?? type.members.map((_member, index) => index);
	return { no, name, type, ordinals };
};

export const feedTables: ReadonlyMap<number, FeedTable> = new Map(
	data.tables.map(({ table, tableNo, index, fields }) => {
		const numbered = Object.entries(fields as Readonly<Record<string, string | undefined>>).map(([no, name]) =>
			fieldOf(table, Number(no), name!),
		);
		return [tableNo, { no: tableNo, name: table, index: index as ChangeIndex, fields: new Map(numbered.map((each) => [each.no, each])) }];
	}),
);
