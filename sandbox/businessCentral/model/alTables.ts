import data from '../schema.json';

/** Type of a field as its table declares it. */
export interface AlType {
	/** `Code`, `Text`, `Decimal`, `Integer`, `Boolean`, `Date`, `DateTime`, `Guid`, `Enum`, `Option`, `Blob`, `Media`, `MediaSet`, `RecordId`. */
	name: string;
	/** Characters of a Code or Text. */
	length: number | null;
	/** Name of the enum. */
	enumName: string | null;
	/** Of an Enum or Option, in the order of their ordinals. */
	members: readonly string[];
	/** Calculated when it is read, and written by nobody. */
	flowField: boolean;
}

/** A table of Business Central, as far as the extension uses it. */
export interface AlTable {
	name: string;
	tableNo: number;
	/** Fields of the primary key. */
	key: readonly string[];
	fields: ReadonlyMap<string, AlType>;
}

/** Fields that the platform gives to every table ("System fields"). */
const SYSTEM: Readonly<Record<string, string>> = {
	SystemId: 'Guid',
	SystemCreatedAt: 'DateTime',
	SystemCreatedBy: 'Guid',
	SystemModifiedAt: 'DateTime',
	SystemModifiedBy: 'Guid',
	SystemRowVersion: 'BigInteger',
};

interface RawTable {
	table: string;
	tableNo: number;
	key: string[];
	/** Absent fields are those of other tables, as the compiler sees the file. */
	fields: Record<string, string | undefined>;
}

/** Out of `Code[20]`, `Decimal FlowField`, `Enum Name:A,B` or `Option:A,B`. */
function typeOf(text: string): AlType {
	const flowField = text.endsWith(' FlowField');
	const [, name = text, length, , enumName = null, members] =
		/^(\w+)(?:\[(\d+)\])?( ([^:]+))?(?::(.*))?$/.exec(text.replace(/ FlowField$/, '')) ?? [];
	return { name, length: length ? Number(length) : null, enumName, members: members?.split(',') ?? [], flowField };
}

/** By name in lower case: AL does not tell case apart. */
export const alTables: ReadonlyMap<string, AlTable> = new Map(
	(data.tables as RawTable[]).map(({ table, tableNo, key, fields }) => {
		const types = Object.entries({ ...SYSTEM, ...fields }).map(([field, type]) => [field, typeOf(type ?? '')] as const);
		return [table.toLowerCase(), { name: table, tableNo, key, fields: new Map(types) }];
	}),
);

/** A field of a table without regard to case, as its table spells it. */
export function alField(table: AlTable, name: string): { name: string; type: AlType } | undefined {
	const exact = table.fields.get(name);
	if (exact) return { name, type: exact };
	const found = [...table.fields].find(([each]) => each.toLowerCase() === name.toLowerCase());
	return found && { name: found[0], type: found[1] };
}
