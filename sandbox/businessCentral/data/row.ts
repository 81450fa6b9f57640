/** A stored value: text, number or yes/no. Business Central has no null; a field that is absent holds its type's blank. */
export type Value = string | number | boolean;
export type Fields = Readonly<Record<string, Value>>;

/** One record of a table. Rows are never changed in place: every write replaces the row, so an old one is its own before-image. */
export interface Row {
	/** SystemId, lower case. */
	readonly id: string;
	/** By AL field name; blanks may be absent. */
	readonly fields: Fields;
	/** Values of FlowFields: they move the etag but neither the stamp nor the version. */
	readonly flow: Fields;
	readonly createdAt: number;
	readonly createdBy: string;
	/** SystemModifiedAt in milliseconds, rounded as the database rounds. */
	readonly modifiedAt: number;
	readonly modifiedBy: string;
	/** Counts the writes of the whole installation, as the SQL rowversion does. */
	readonly version: number;
	/** SystemModifiedAt of a sales document itself, where it is later than that of its buffer row. */
	readonly documentModifiedAt?: number;
	/** Version of the buffer row API v2.0 shows of a sales document; it stays when only fields change that the buffer does not hold. */
	readonly bufferVersion?: number;
}

export const zeroGuid = '00000000-0000-0000-0000-000000000000';
export const isGuid = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);
