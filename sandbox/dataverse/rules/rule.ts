import type { Table } from '../model';
import type { Changes, Row, Value } from '../values';
import type { Session, Writer } from '../writer';

/** One create (`before` is null) or update on its way. Rules may add to `changes`. */
export interface Write {
	table: Table;
	id: string;
	before: Row | null;
	changes: Changes;
	session: Session;
	crm: Writer;
	/** Bulk loading: what is given stays as given. */
	seeded: boolean;
}

export interface Removal {
	table: Table;
	id: string;
	row: Row;
	session: Session;
	crm: Writer;
	/** Deleted because a parent goes. */
	cascade: boolean;
}

/** Behaviour of some tables beyond their columns. */
export interface Rules {
	tables: string[] | 'all';
	/** Refuses what the platform refuses; throws DataverseError. Not run for seeded rows. */
	check?(write: Write): void;
	/** Adds derived columns. Also run for seeded rows. */
	fill?(write: Write): void;
	/** Effects on other rows once the row is stored. */
	after?(write: Write): void;
	beforeDelete?(removal: Removal): void;
	afterDelete?(removal: Removal): void;
}

/** Value of a column as it will be after the write. */
export function next(write: Write, column: string): Value {
	return column in write.changes ? write.changes[column]! : (write.before?.[column] ?? null);
}

/** Whether the write names one of the columns (or creates the row). */
export function touches(write: Write, ...columns: string[]): boolean {
	return write.before === null || columns.some((column) => column in write.changes);
}

export function numberOf(value: Value | undefined): number {
	return typeof value === 'number' ? value : 0;
}
