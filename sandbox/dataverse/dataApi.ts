import { rowMissing } from './errors';
import { typeKey, type Column, type Table } from './model';
import { setLookup } from './payload';
import type { Platform } from './platform';
import { storedValue, type Changes, type Row, type Value } from './values';
import type { Session } from './environment';

/** Value of a column, keyed by its logical name; lookups as the id of the row, or with its table where several are possible. */
export type SeedValue = Value | undefined | { table: string; id: string };
export type SeedValues = Record<string, SeedValue>;

/** Acting on the data from tests and demo data: the rules of HTTP writes, no log, no faults. */
export class DataApi {
	constructor(protected readonly platform: Platform) {}

	/** systemuserid of the administrator every environment starts with. */
	get administrator(): string {
		return this.platform.environment.systemUserId;
	}

	get organizationId(): string {
		return this.platform.environment.organizationId;
	}

	get businessUnitId(): string {
		return this.platform.environment.businessUnitId;
	}

	get baseCurrencyId(): string {
		return this.platform.environment.baseCurrencyId;
	}

	/** Adds a user; with `applicationid` an application user. Returns its systemuserid. */
	addUser(values: SeedValues): string {
		const defaults = {
			businessunitid: this.businessUnitId,
			isdisabled: false,
			accessmode: values.applicationid ? 4 : 0,
			islicensed: !values.applicationid,
		};
		const [id] = this.seed('systemuser', [{ ...defaults, ...values }]);
		this.platform.roles.join(id!);
		return id!;
	}

	/** Creates a row as a user (the administrator unless given). Returns its id. Throws DataverseError as HTTP would. */
	insert(table: string, values: SeedValues, user?: string): string {
		return this.platform.writer.create(table, this.changes(table, values), this.session(user));
	}

	update(table: string, id: string, values: SeedValues, user?: string): void {
		this.platform.writer.update(table, id.toLowerCase(), this.changes(table, values), this.session(user));
	}

	remove(table: string, id: string, user?: string): void {
		this.platform.writer.remove(table, id.toLowerCase(), this.session(user));
	}

	/** The row as stored, by logical names; columns without a value are absent. Undefined when there is none. */
	row(table: string, id: string): Row | undefined {
		return this.platform.db.row(table, id.toLowerCase());
	}

	/** The row; throws when there is none. */
	get(table: string, id: string): Row {
		const row = this.row(table, id);
		if (!row) throw rowMissing(table, id);
		return row;
	}

	/** Entity set names of all tables. */
	tables(): string[] {
		return [...this.platform.model.sets.keys()];
	}

	rows(table: string): Row[] {
		return [...this.platform.db.store(table).rows.values()];
	}

	find(table: string, predicate: (row: Row) => boolean): Row | undefined {
		return this.rows(table).find(predicate);
	}

	/** Loads rows quickly: derived columns and defaults, but no checks and no effects on other rows. Given stamps are kept. Returns the ids. */
	seed(table: string, rows: SeedValues[], user?: string): string[] {
		const session = this.session(user);
		return rows.map((row) => this.platform.writer.seed(table, this.changes(table, row, true), session));
	}

	private session(user: string | undefined): Session {
		return { user: (user ?? this.administrator).toLowerCase(), caller: null };
	}

	private changes(tableName: string, values: SeedValues, seeding = false): Changes {
		const table = this.platform.model.table(tableName);
		const changes: Changes = {};
		for (const [name, value] of Object.entries(values)) {
			if (value === undefined) continue;
			const column = table.columns.get(name);
			if (!column) throw new Error(`The Dataverse table '${tableName}' has no column '${name}'.`);
			if (column.isLookup) this.lookup(table, column, value, changes);
			else if (column.type === 'EntityName' && value === null) changes[name] = null;
			else changes[name] = this.stored(table, column, value as Value, seeding);
		}
		return changes;
	}

	private stored(table: Table, column: Column, value: Value, seeding: boolean): Value {
		// Tests may hand over full timestamps for date-only columns.
		const given = column.behavior === 'DateOnly' && typeof value === 'string' && seeding ? value.slice(0, 10) : value;
		return storedValue(column, given, table.logicalName, table.entitySetName);
	}

	private lookup(table: Table, column: Column, value: SeedValue, changes: Changes): void {
		if (value === null || value === undefined) return setLookup(changes, column, null, null);
		if (typeof value === 'object') return setLookup(changes, column, value.id.toLowerCase(), value.table);
		const id = String(value).toLowerCase();
		const given = changes[typeKey(column.logicalName)];
		const target = column.polymorphic ? this.holder(column, id) : column.targets![0]!;
		if (!target && !given) throw new Error(`The lookup '${column.logicalName}' of '${table.logicalName}' names no row; give {table, id}.`);
		setLookup(changes, column, id, target ?? String(given));
	}

	private holder(column: Column, id: string): string | null {
		return column.targets!.find((target) => this.platform.model.tables.has(target) && this.platform.db.row(target, id)) ?? null;
	}
}
