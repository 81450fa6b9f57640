import type { Clock } from '../../core/clock';
import { primaryKeys } from '../model/primaryKeys';
import { Journal } from './journal';
import type { Fields, Row } from './row';
import { defaultSettings, type CompanySettings } from './settings';
import { roundStamp } from './stamp';
import { Table } from './table';

export type ChangeType = 'created' | 'updated' | 'deleted';
/** Told of every committed write; the webhooks and the change log listen. */
export type ChangeListener = (
	company: CompanyData,
	table: string,
	type: ChangeType,
	row: Row,
	before: Row | undefined,
	user: string,
) => void;

/** What all companies of one installation share: time, row versions, listeners. */
export interface Installation {
	clock: Clock;
	nextVersion(): number;
	/** A GUID nobody had yet; the same sequence in every sandbox, so that a run can be replayed. */
	newId(): string;
	/** userSecurityId of a user; the zero GUID for somebody without a user card. */
	userId(user: string): string;
	/** Primary keys of the tables of extensions. */
	readonly ownKeys: ReadonlyMap<string, readonly string[]>;
	changed: ChangeListener;
	/** Whether a change is one of what API v2.0 shows; false for fields of a sales document that its buffer row does not hold. */
	shownByApi(table: string, before: Fields, after: Fields): boolean;
}

/** A company at one moment. */
export interface CompanyDump {
	id: string;
	settings: CompanySettings;
	tables: ReadonlyMap<string, readonly Row[]>;
}

/** The tables of one company and the only place where rows are written. */
export class CompanyData {
	readonly settings: CompanySettings = defaultSettings();
	private readonly tables = new Map<string, Table>();
	private journal: Journal | null = null;
	private pending: Array<() => void> = [];

	constructor(
		readonly id: string,
		readonly installation: Installation,
	) {}

	table(name: string): Table {
		let table = this.tables.get(name);
		if (!table) {
			table = new Table(name, primaryKeys[name] ?? this.installation.ownKeys.get(name) ?? []);
			this.tables.set(name, table);
		}
		return table;
	}

	now(): number {
		return roundStamp(this.installation.clock.stamp('businessCentral'));
	}

	newId(): string {
		return this.installation.newId();
	}

	insert(table: string, fields: Fields, user: string, id: string = this.newId(), flow: Fields = {}): Row {
		const now = this.now();
		const row: Row = {
			id,
			fields,
			flow,
			createdAt: now,
			createdBy: user,
			modifiedAt: now,
			modifiedBy: user,
			version: this.installation.nextVersion(),
		};
		this.put(table, undefined, row, user);
		return row;
	}

	/** A real change moves stamp and version; writing what is there changes nothing. */
	modify(table: string, before: Row, fields: Fields, user: string): Row {
		if (sameFields(before.fields, fields)) return before;
		const version = this.installation.nextVersion();
		if (!this.installation.shownByApi(table, before.fields, fields)) {
			// Only the document itself changes: its buffer row, which has the stamp, is not written.
			const bufferVersion = before.bufferVersion ?? before.version;
			const row: Row = { ...before, fields, modifiedBy: user, version, bufferVersion, documentModifiedAt: this.now() };
			this.table(table).set(before.id, row);
			this.journal?.add(this.table(table), before.id, before, row);
			return row;
		}
		const { documentModifiedAt: _earlier, ...buffered } = before;
		const row: Row = { ...buffered, fields, modifiedAt: this.now(), modifiedBy: user, version, bufferVersion: version };
		this.put(table, before, row, user);
		return row;
	}

	/** Somebody writes the row without changing what an API shows: stamp, version and etag move. */
	touch(table: string, before: Row, user: string): Row {
		const version = this.installation.nextVersion();
		const { documentModifiedAt: _earlier, ...buffered } = before;
		const row: Row = { ...buffered, modifiedAt: this.now(), modifiedBy: user, version, bufferVersion: version };
		this.put(table, before, row, user);
		return row;
	}

	/** FlowFields: calculated at read time in BC, so neither stamp nor version moves and no webhook fires. */
	setFlow(table: string, before: Row, flow: Fields): Row {
		const row: Row = { ...before, flow: { ...before.flow, ...flow } };
		this.table(table).set(before.id, row);
		this.journal?.add(this.table(table), before.id, before, row);
		return row;
	}

	remove(table: string, row: Row, user: string): void {
		this.put(table, row, undefined, user);
	}

	/** All rows and settings as they are now. Rows are never changed in place, so this costs little. */
	dump(): CompanyDump {
		const tables = new Map([...this.tables].map(([name, table]) => [name, [...table.rows()]]));
		return { id: this.id, settings: structuredClone(this.settings), tables };
	}

	/** Puts rows and settings back as they were; nobody is told. */
	refill({ settings, tables }: CompanyDump): void {
		Object.assign(this.settings, structuredClone(settings));
		this.tables.clear();
		for (const [name, rows] of tables) for (const row of rows) this.table(name).set(row.id, row);
	}

	/** For bulk loads: no listeners, no journal. */
	load(table: string, row: Row): void {
		this.table(table).set(row.id, row);
	}

	/** Runs `work` with its writes recorded in the journal. When `work` throws, what it wrote in this call is taken back. */
	atomically<Result>(work: () => Result): Result {
		if (this.journal) return work();
		const journal = new Journal();
		this.journal = journal;
		try {
			const result = work();
			this.journal = null;
			this.flush();
			return result;
		} catch (error) {
			this.journal = null;
			this.pending = [];
			journal.withdraw();
			throw error;
		}
	}

	/**
	 * Runs `work` inside a longer transaction: its earlier writes are put in place for the time of the call and taken back afterwards, so others see none
	 * of it before `commit`. Listeners hear of the writes at the commit.
	 */
	within<Result>(transaction: OpenTransaction, work: () => Result): Result {
		transaction.journal.reapply();
		const outer = this.pending;
		this.journal = transaction.journal;
		this.pending = transaction.pending;
		try {
			return work();
		} finally {
			this.journal = null;
			this.pending = outer;
			transaction.journal.withdraw();
		}
	}

	commit(transaction: OpenTransaction): void {
		transaction.journal.reapply();
		transaction.journal.forget();
		for (const tell of transaction.pending.splice(0)) tell();
	}

	private put(name: string, before: Row | undefined, after: Row | undefined, user: string): void {
		const table = this.table(name);
		const row = (after ?? before)!;
		table.set(row.id, after);
		this.journal?.add(table, row.id, before, after);
		const type = !before ? 'created' : !after ? 'deleted' : 'updated';
		const tell = () => this.installation.changed(this, name, type, row, before, user);
		if (this.journal) this.pending.push(tell);
		else tell();
	}

	private flush(): void {
		for (const tell of this.pending.splice(0)) tell();
	}
}

export class OpenTransaction {
	readonly journal = new Journal();
	readonly pending: Array<() => void> = [];
}

function sameFields(a: Fields, b: Fields): boolean {
	const names = new Set([...Object.keys(a), ...Object.keys(b)]);
	for (const name of names) if ((a[name] ?? '') !== (b[name] ?? '') && !(blank(a[name]) && blank(b[name]))) return false;
	return true;
}

const blank = (value: unknown): boolean => value === undefined || value === '' || value === 0 || value === false || value === '0001-01-01';
