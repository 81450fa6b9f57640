import type { Database } from '../database';
import type { Environment, Session } from '../environment';
import type { Model, Table } from '../model';
import type { Privileges } from '../privileges';
import type { Changes, Row, Value } from '../values';

/** What rules may do to other rows; the writer that runs the rules is behind it. */
export interface RowWriter {
	readonly db: Database;
	readonly environment: Environment;
	readonly model: Model;
	readonly privileges: Privileges;
	/** Time of the service in whole seconds, e.g. `2026-01-15T12:00:00Z`. */
	now(): string;
	create(tableName: string, values: Changes, session: Session): string;
	update(tableName: string, id: string, values: Changes, session: Session): void;
	remove(tableName: string, id: string, session: Session, cascade?: boolean): void;
	/** What the platform itself changes: no rules, but version and stamp move. */
	touch(tableName: string, id: string, changes: Changes, session: Session): void;
	/** As `touch`, but neither version nor stamp move: columns that only show what another row says. */
	amend(tableName: string, id: string, changes: Changes): void;
	seed(tableName: string, values: Changes, session: Session): string;
	referencing(tableName: string, columnName: string, target: string, id: string): string[];
}

/** One create (`before` is null) or update on its way. Rules may add to `changes`. */
export interface Write {
	table: Table;
	id: string;
	before: Row | null;
	changes: Changes;
	session: Session;
	crm: RowWriter;
	/** Bulk loading: what is given stays as given. */
	seeded: boolean;
}

export interface Removal {
	table: Table;
	id: string;
	row: Row;
	session: Session;
	crm: RowWriter;
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
