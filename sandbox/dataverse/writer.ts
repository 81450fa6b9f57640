import { randomUUID } from 'node:crypto';
import type { Database } from './database';
import type { Environment, Session } from './environment';
import { alternateKeyViolated, DataverseError, invalidArgument, keyExists, rowMissing } from './errors';
import type { WriteEvent } from './events';
import { typeKey, type Model, type Table } from './model';
import type { Plugins } from './plugins';
import type { Privileges } from './privileges';
import { allRules } from './rules';
import type { RowWriter, Rules, Write } from './rules/rule';
import { wholeSeconds, type Changes, type Row, type Value } from './values';

/** Creates, changes and deletes rows by the rules of the platform. Everything here is synchronous and whole or not at all. */
export class Writer implements RowWriter {
	/** Told of every write while its transaction is open. */
	written: (event: WriteEvent) => void = () => {};

	constructor(
		readonly db: Database,
		readonly environment: Environment,
		private readonly clock: () => number,
		readonly privileges: Privileges,
		private readonly plugins: Plugins,
		private readonly happened: (event: WriteEvent) => void,
	) {}

	get model(): Model {
		return this.db.model;
	}

	now(): string {
		return wholeSeconds(this.clock());
	}

	create(tableName: string, values: Changes, session: Session): string {
		return this.db.atomically(() => {
			const table = this.model.table(tableName);
			const id = String(values[table.primaryId] ?? randomUUID()).toLowerCase();
			if (this.db.row(tableName, id)) throw keyExists('Cannot insert duplicate key.');
			const write: Write = { table, id, before: null, changes: this.accepted(table, values, 'insert'), session, crm: this, seeded: false };
			for (const column of table.required)
				if ((write.changes[column.logicalName] ?? null) === null) throw requiredMissing(table, column.logicalName);
			Object.assign(write.changes, this.plugins.before(tableName, 'Create', write.changes, id, session));
			this.checkLookups(write);
			this.run(table, 'check', write);
			this.run(table, 'fill', write);
			const row = this.stamped(this.born(write), session, true);
			this.checkKeys(table, id, row);
			this.db.put(tableName, id, row);
			this.run(table, 'after', write);
			this.tell('Create', write, row);
			return id;
		});
	}

	update(tableName: string, id: string, values: Changes, session: Session): void {
		this.db.atomically(() => {
			const table = this.model.table(tableName);
			const before = this.db.row(tableName, id);
			if (!before) throw rowMissing(tableName, id);
			const write: Write = { table, id, before, changes: this.accepted(table, values, 'modify'), session, crm: this, seeded: false };
			for (const column of table.required) if (write.changes[column.logicalName] === null) throw requiredMissing(table, column.logicalName);
			Object.assign(write.changes, this.plugins.before(tableName, 'Update', { ...before, ...write.changes }, id, session));
			this.checkLookups(write);
			this.run(table, 'check', write);
			this.run(table, 'fill', write);
			const row = this.stamped(merged(before, write.changes), session, false);
			this.checkKeys(table, id, row);
			this.db.put(tableName, id, row);
			this.run(table, 'after', write);
			this.tell('Update', write, row);
		});
	}

	remove(tableName: string, id: string, session: Session, cascade = false): void {
		this.db.atomically(() => {
			const table = this.model.table(tableName);
			const row = this.db.row(tableName, id);
			if (!row) throw rowMissing(tableName, id);
			for (const rules of rulesOf(table)) rules.beforeDelete?.({ table, id, row, session, crm: this, cascade });
			this.release(table, id, session);
			this.db.delete(tableName, id);
			for (const rules of rulesOf(table)) rules.afterDelete?.({ table, id, row, session, crm: this, cascade });
			const event: WriteEvent = { message: 'Delete', table, id, before: row, after: null, changes: {}, session, at: this.clock() };
			this.written(event);
			this.db.afterCommit(() => this.happened(event));
		});
	}

	/** What the platform itself changes (totals, broken links): no rules, but version and stamp move. */
	touch(tableName: string, id: string, changes: Changes, session: Session): void {
		const before = this.db.row(tableName, id);
		if (before) this.db.put(tableName, id, this.stamped(merged(before, changes), session, false));
	}

	/** Columns that only show what another row says: neither version nor stamp move. */
	amend(tableName: string, id: string, changes: Changes): void {
		const before = this.db.row(tableName, id);
		if (before) this.db.beside(() => this.db.put(tableName, id, merged(before, changes)));
	}

	/** Stores a row as given, with derived columns but without checks and effects on others; stamps given are kept. */
	seed(tableName: string, values: Changes, session: Session): string {
		const table = this.model.table(tableName);
		const id = String(values[table.primaryId] ?? randomUUID()).toLowerCase();
		const write: Write = { table, id, before: null, changes: { ...values }, session, crm: this, seeded: true };
		this.run(table, 'fill', write);
		this.db.put(tableName, id, { ...this.stamped(this.born(write), session, true), ...given(write.changes) });
		return id;
	}

	/** Post-operation plug-ins run inside the transaction, everybody else is told after it. */
	private tell(message: 'Create' | 'Update', { table, id, before, changes, session }: Write, row: Row): void {
		const event: WriteEvent = { message, table, id, before, after: row, changes: { ...changes }, session, at: this.clock() };
		this.plugins.after(event, (more, deeper) => this.update(table.logicalName, id, more, deeper));
		this.written(event);
		this.db.afterCommit(() => {
			this.plugins.later(event, () => this.db.row(table.logicalName, id), (more, deeper) => this.later(table.logicalName, id, more, deeper)); // prettier-ignore
			this.happened(event);
		});
	}

	/** A change by the asynchronous service, as the administrator; a row that is gone or locked by then stays as it is. */
	private later(table: string, id: string, changes: Changes, session: Session): void {
		if (this.db.row(table, id))
			this.update(table, id, changes, { user: this.environment.systemUserId, caller: null, depth: session.depth });
	}

	private run(table: Table, phase: 'check' | 'fill' | 'after', write: Write): void {
		for (const rules of rulesOf(table)) rules[phase]?.(write);
	}

	private born({ table, id, changes }: Write): Row {
		return merged({ [table.primaryId]: id }, changes);
	}

	private accepted(table: Table, values: Changes, operation: 'insert' | 'modify'): Changes {
		const accepted: Changes = {};
		for (const [name, value] of Object.entries(values)) {
			const column = table.columns.get(name);
			const access = column?.access ?? 'full';
			const refused = access === 'read' || (operation === 'modify' && access === 'insert');
			if (column?.hidden || !refused) accepted[name] = value;
			else if (this.environment.refuseReadOnlyColumns && name !== table.primaryId && !column?.system) {
				throw new DataverseError(400, '0x80040203', `The column '${name}' of '${table.logicalName}' is read-only.`);
			}
		}
		if (operation === 'modify') delete accepted[table.primaryId];
		return accepted;
	}

	private checkLookups({ table, changes }: Write): void {
		for (const [name, value] of Object.entries(changes)) {
			const column = table.columns.get(name);
			if (!column?.isLookup || value === null) continue;
			const target = column.polymorphic ? String(changes[typeKey(name)]) : column.targets![0]!;
			if (this.model.tables.has(target) && !this.db.row(target, String(value))) throw rowMissing(target, String(value));
		}
	}

	private checkKeys(table: Table, id: string, row: Row): void {
		for (const [key, columns] of table.keys) {
			if (columns.some((column) => (row[column] ?? null) === null)) continue;
			for (const other of this.db.store(table.logicalName).having(columns[0]!, row[columns[0]!]!)) {
				if (other !== id && sameKey(columns, row, this.db.row(table.logicalName, other)!)) throw alternateKeyViolated(key, columns);
			}
		}
	}

	private stamped(row: Row, session: Session, created: boolean): Row {
		const now = this.now();
		const stamps: Changes = { modifiedon: now, modifiedby: session.user, versionnumber: this.db.nextVersion() };
		if (session.caller) stamps.modifiedonbehalfby = session.caller;
		if (!created) return clean({ modifiedonbehalfby: null, ...stamps }, row);
		stamps.createdon = now;
		stamps.createdby = session.user;
		if (session.caller) stamps.createdonbehalfby = session.caller;
		// A back-dated row shows the given time as its creation and keeps the true one in the override column.
		if (typeof row.overriddencreatedon === 'string') {
			stamps.createdon = row.overriddencreatedon;
			stamps.overriddencreatedon = now;
		}
		return { ...row, ...stamps };
	}

	private release(table: Table, id: string, session: Session): void {
		const links = this.model.relationships.filter((each) => each.referenced === table.logicalName && each.onDelete !== 'None');
		const referencing = links.map((link) => ({ link, ids: this.referencing(link.referencing, link.column, table.logicalName, id) }));
		if (referencing.some(({ link, ids }) => link.onDelete === 'Restrict' && ids.length > 0)) {
			throw new DataverseError(
				405,
				'0x80040227',
				'The object you tried to delete is associated with another object and cannot be deleted.',
			);
		}
		for (const { intersect, own } of table.associations.values()) {
			for (const pair of [...this.db.store(intersect).having(own.column, id)]) this.db.beside(() => this.db.delete(intersect, pair));
		}
		for (const { link, ids } of referencing) {
			for (const other of ids) {
				if (!this.db.row(link.referencing, other)) continue;
				if (link.onDelete === 'Cascade') this.remove(link.referencing, other, session, true);
				else this.touch(link.referencing, other, { [link.column]: null, [typeKey(link.column)]: null }, session);
			}
		}
	}

	/** Ids of rows whose lookup column points to a row. */
	referencing(tableName: string, columnName: string, target: string, id: string): string[] {
		const column = this.model.table(tableName).columns.get(columnName)!;
		const ids = [...this.db.store(tableName).having(columnName, id)];
		return column.polymorphic ? ids.filter((other) => this.db.row(tableName, other)![typeKey(columnName)] === target) : ids;
	}
}

const rulesByTable = new WeakMap<Table, Rules[]>();

function rulesOf(table: Table): Rules[] {
	let rules = rulesByTable.get(table);
	if (!rules)
		rulesByTable.set(table, (rules = allRules.filter((each) => each.tables === 'all' || each.tables.includes(table.logicalName))));
	return rules;
}

/** Nulls are not kept. */
function merged(before: Row, changes: Changes): Row {
	return clean(changes, before);
}

function clean(changes: Changes, before: Row): Row {
	const row: Record<string, Value> = { ...before };
	for (const [name, value] of Object.entries(changes)) {
		if (value === null) delete row[name];
		else row[name] = value;
	}
	return row;
}

function given(values: Changes): Changes {
	const stamps: Changes = {};
	for (const name of ['createdon', 'modifiedon', 'createdby', 'modifiedby']) if (values[name] != null) stamps[name] = values[name];
	return stamps;
}

function sameKey(columns: string[], row: Row, other: Row): boolean {
	return columns.every((column) => String(row[column]).toLowerCase() === String(other[column] ?? '').toLowerCase());
}

const requiredMissing = (table: Table, column: string) =>
	invalidArgument(`Required field '${column}' is missing for entity '${table.logicalName}'.`);
