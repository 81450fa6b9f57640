import type { NewestAnswer, NewestQuestion } from '../ports/newest';
import { contactToBe } from '../defaults/parties/companyContacts';
import { carryOut, obstacle, type WriteScene } from './carryOut';
import { maySelect, textOf } from '../model/filterText';
import { changedRecord, HeldRows, ownRecord, valuesOf } from './heldRows';
import { holdsPlaceholder, Placeholders } from './placeholders';
import { withCopiedNames } from './copiedNames';
import { SeenRows } from './seenRows';
import { takenAmong } from './takenValues';
import type { Clock } from '../ports/clock';
import type {
	ChangeQuery,
	RecordQuestion,
	RecordSystem,
	SearchPage,
	TrackedPage,
	TrackedQuery,
	VersionPage,
	VersionQuery,
} from '../ports/recordSystem';
import type { SyncSession } from '../ports/session';
import type { Side } from '../model/side';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../model/record';
import type { AbsentColumn, TableListing, TableShape } from '../model/shape';
import type { GroupOperation, WriteOperation, WriteOutcome } from '../ports/write';

const NO_PAGES: ReadonlySet<string> = new Set();

/**
 * A system as it would be once what is written here had been written: writes stay in memory, and whatever is read shows them. Nothing is sent that
 * changes anything. What a service makes of a value, and what it does by itself besides, is not known here: the values are those that were sent.
 */
export class OverlaySystem implements RecordSystem {
	readonly side: Side;
	readonly readEach?: NonNullable<RecordSystem['readEach']>;
	readonly newIds?: NonNullable<RecordSystem['newIds']>;
	readonly hiddenColumns?: NonNullable<RecordSystem['hiddenColumns']>;
	readonly deletedAlong?: NonNullable<RecordSystem['deletedAlong']>;
	readonly idsOfKeys?: NonNullable<RecordSystem['idsOfKeys']>;
	readonly readTracked?: NonNullable<RecordSystem['readTracked']>;
	private readonly tablesHeld = new Map<string, HeldRows>();
	private readonly seen = new SeenRows();
	private readonly placeholders: Placeholders;
	private readonly clock: Clock;
	private versions = 0;

	constructor(
		private readonly system: RecordSystem,
		session: SyncSession,
	) {
		this.side = system.side;
		this.clock = session.clock;
		this.placeholders = new Placeholders(session, system.side);
		if (system.readEach) this.readEach = (...question) => this.eachOf(...question);
		if (system.newIds) this.newIds = (...wanted) => this.idsFor(...wanted);
		if (system.deletedAlong) this.deletedAlong = (table) => system.deletedAlong!(table);
		if (system.idsOfKeys) this.idsOfKeys = (...question) => this.idsByKey(...question);
		if (system.readTracked) this.readTracked = (query) => this.trackedPage(query);
		if (system.hiddenColumns) this.hiddenColumns = (...question) => system.hiddenColumns!(...question);
	}

	get unchanged(): Pick<RecordSystem, 'readByValues'> {
		return this.system.unchanged ?? this.system;
	}

	get counts() {
		return this.system.counts;
	}

	get absentPages(): ReadonlySet<string> {
		return this.system.absentPages ?? NO_PAGES;
	}

	serviceNow(): number | null {
		return this.system.serviceNow();
	}

	get warnings() {
		return this.system.warnings;
	}

	tables(): Promise<TableListing[]> {
		return this.system.tables();
	}

	describe(table: TableSource): Promise<TableShape> {
		return this.system.describe(table);
	}

	absentColumns(table: TableSource, fields: readonly FieldName[], afresh?: boolean): Promise<AbsentColumn[]> {
		return this.system.absentColumns(table, fields, afresh);
	}

	/** What was created here comes last: it is the newest. */
	async *readChanges(query: ChangeQuery): AsyncGenerator<SystemRecord[]> {
		const { table, fields, filter } = query;
		for await (const page of this.system.readChanges(query)) yield this.shown(table, page, fields, filter);
		const ids = [...this.rowsOf(table).ownIds()];
		for (let start = 0; start < ids.length; start += query.pageSize) {
			const page = this.ownAmong(table, ids.slice(start, start + query.pageSize), fields, filter);
			if (page.length > 0) yield page;
		}
	}

	async complete(table: TableSource, records: readonly SystemRecord[], fields: readonly FieldName[]): Promise<SystemRecord[]> {
		const rows = this.rowsOf(table);
		const there = records.filter(({ id }) => !rows.isOwn(id));
		const completed = there.length > 0 || records.length === 0 ? await this.system.complete(table, there, fields) : [];
		const byId = new Map(completed.map((record) => [record.id, record]));
		return records.map((record) => {
			const row = rows.get(record.id);
			if (!row) return byId.get(record.id) ?? record;
			return row.own ? ownRecord(table, record.id, row, fields) : changedRecord(table, byId.get(record.id) ?? record, row, fields);
		});
	}

	async readByIds(
		table: TableSource,
		ids: readonly string[],
		fields: readonly FieldName[],
		filter: string | null = null,
	): Promise<Map<string, SystemRecord>> {
		const rows = this.rowsOf(table);
		const asked = ids.filter((id) => !rows.isKnown(id));
		const found =
			asked.length > 0 || ids.length === 0 ? await this.system.readByIds(table, asked, fields, filter) : new Map<string, SystemRecord>();
		const records = [...this.shown(table, [...found.values()], fields, filter), ...this.ownAmong(table, ids, fields, filter)];
		return new Map(records.map((record) => [record.id, record]));
	}

	async existing(table: TableSource, ids: readonly string[], filter: string | null = null): Promise<Set<string>> {
		if (filter !== null) return new Set((await this.readByIds(table, ids, [], filter)).keys());
		const rows = this.rowsOf(table);
		const asked = ids.filter((id) => !rows.isKnown(id));
		const there = asked.length > 0 || ids.length === 0 ? await this.system.existing(table, asked) : new Set<string>();
		for (const id of ids) if (rows.isOwn(id)) there.add(id);
		return there;
	}

	/** Rows that exist here alone are not shown: who misses one asks for it by its id. */
	async readVersions(query: VersionQuery): Promise<VersionPage> {
		const page = await this.system.readVersions(query);
		const rows = this.rowsOf(query.table);
		if (rows.size === 0) return page;
		const records = page.records.flatMap((record) => {
			const row = rows.get(record.id);
			if (row?.deleted || row?.own) return [];
			return [row ? changedRecord(query.table, record, row, query.fields) : record];
		});
		return { ...page, records };
	}

	/** Only triggers look for news, and they preview nothing: rows are shown as the system has them. */
	hasNewest(table: TableSource): Promise<boolean> {
		return this.system.hasNewest(table);
	}

	readNewest(questions: readonly NewestQuestion[]): Promise<NewestAnswer[]> {
		return this.system.readNewest(questions);
	}

	/** Goes on from what a run kept; a preview begins nothing, so it does not say that changes are tracked. What was created here comes last. */
	private async trackedPage(query: TrackedQuery): Promise<TrackedPage> {
		const { table, fields } = query;
		const page = await this.system.readTracked!(query);
		const own = page.more ? [] : this.ownAmong(table, this.rowsOf(table).ownIds(), fields, null);
		const records = [...this.shown(table, page.records, fields, null), ...own];
		return { ...page, records, shown: this.shown(table, page.shown, fields, null) };
	}

	async readByValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter: string | null = null,
	): Promise<SystemRecord[]> {
		const rows = this.rowsOf(table);
		// No row of the service refers to one that exists here alone.
		const asked = values.filter((value) => typeof value !== 'string' || !this.existsHereAlone(value));
		const found = asked.length > 0 || values.length === 0 ? await this.system.readByValues(table, field, asked, fields, filter) : [];
		const holders = rows.withValue(field, values);
		const wanted = new Set(values.map(textOf));
		const kept = found.filter(({ id }) => {
			const value = this.writtenTo(table, id, field);
			return value === undefined || wanted.has(textOf(value));
		});
		const ids = new Set(found.map(({ id }) => id));
		const moved = holders.filter((id) => !rows.isOwn(id) && !ids.has(id));
		const come = moved.length > 0 ? await this.system.readByIds(table, moved, fields) : new Map<string, SystemRecord>();
		return [...this.shown(table, [...kept, ...come.values()], fields, filter), ...this.ownAmong(table, holders, fields, filter)];
	}

	async readByQuestions(table: TableSource, questions: readonly RecordQuestion[], fields: readonly FieldName[]): Promise<SystemRecord[][]> {
		const answers = await this.system.readByQuestions(table, questions, fields);
		const rows = this.rowsOf(table);
		return questions.map(({ field, values, filter }, index) => {
			const wanted = new Set(values.map(textOf));
			const kept = (answers[index] ?? []).filter(({ id }) => {
				const value = field === null ? undefined : this.writtenTo(table, id, field);
				return value === undefined || wanted.has(textOf(value));
			});
			const own = field === null ? values : rows.withValue(field, values);
			return [...this.shown(table, kept, fields, filter), ...this.ownAmong(table, own, fields, filter)];
		});
	}

	/** Each operation by itself; a row that nobody read is `stale`, so that it is read before it is said to be changed. */
	async write(table: TableSource, operations: readonly WriteOperation[], returning?: readonly FieldName[]): Promise<WriteOutcome[]> {
		const outcomes: WriteOutcome[] = [];
		const named = await withCopiedNames(this, table, operations);
		const taken = await takenAmong(this, table, operations);
		for (const [index, operation] of named.entries())
			outcomes.push(taken.has(index) ? { status: 'exists' } : await this.carriedOut(table, operation, returning));
		return outcomes;
	}

	private async carriedOut(
		table: TableSource,
		operation: WriteOperation,
		returning: readonly FieldName[] | undefined,
	): Promise<WriteOutcome> {
		if (operation.kind === 'group') return await this.together(operation, returning);
		if (operation.kind !== 'action') {
			const outcome = await carryOut(this.sceneOf(table), operation, returning);
			if (operation.kind === 'delete' && outcome.status === 'written') await this.deleteAlong(operation.along ?? []);
			return outcome;
		}
		// What an action of the service brings about is not known here.
		return { status: 'written', record: { id: operation.id ?? '', modifiedAt: '', version: '', number: '', name: '', values: {} } };
	}

	private async deleteAlong(along: NonNullable<Extract<WriteOperation, { kind: 'delete' }>['along']>): Promise<void> {
		for (const { table, records } of along)
			for (const { id, version } of records) await carryOut(this.sceneOf(table), { kind: 'delete', id, version }, undefined);
	}

	private async together({ operations }: GroupOperation, returning: readonly FieldName[] | undefined): Promise<WriteOutcome> {
		for (const { table, operation } of operations) {
			const hindered = operation.kind === 'action' ? null : obstacle(this.sceneOf(table), operation);
			if (hindered) return hindered;
		}
		const parts: WriteOutcome[] = [];
		for (const { table, operation } of operations) parts.push(await this.carriedOut(table, operation, returning));
		const [first] = parts;
		return first?.status === 'written' ? { ...first, parts } : (first ?? { status: 'missing' });
	}

	private sceneOf(table: TableSource): WriteScene {
		return {
			table,
			rows: this.rowsOf(table),
			placeholders: this.placeholders,
			seen: (id: string) => this.seen.get(table, id),
			nextVersion: () => `W/"preview ${++this.versions}"`,
			now: new Date(this.clock.now()).toISOString(),
		};
	}

	async readAll(name: string, fields: readonly FieldName[], filter: string | null = null): Promise<Array<Record<FieldName, FieldValue>>> {
		const rows = await this.system.readAll(name, fields, filter);
		const held = this.tablesHeld.get(name);
		if (!held) return rows;
		const table = { name, numberField: null, nameField: fields[0] ?? '' };
		return [...rows, ...this.ownAmong(table, held.ownIds(), fields, filter).map(({ values }) => ({ ...values }))];
	}

	async count(table: TableSource, filter: string | null): Promise<{ count: number; atLeast: boolean }> {
		const { count, atLeast } = await this.system.count(table, filter);
		const rows = this.rowsOf(table);
		if (rows.size === 0) return { count, atLeast };
		return { count: Math.max(0, count - rows.deletedCount) + this.ownAmong(table, rows.ownIds(), [], filter).length, atLeast };
	}

	async search(table: TableSource, text: string, filter: string | null, next?: string): Promise<SearchPage> {
		const page = await this.system.search(table, text, filter, next);
		return { ...page, records: this.shown(table, page.records, [], filter) };
	}

	/** What does not exist cannot be opened. */
	link(table: TableSource, id: string, number?: string, name?: string): string | null {
		return this.rowsOf(table).isOwn(id) ? null : this.system.link(table, id, number, name);
	}

	/** Filters that name a row which exists here alone select nothing of the service's, but what it will make together with that row. */
	private async eachOf(
		name: string,
		fields: readonly FieldName[],
		filters: readonly string[],
	): Promise<Array<Array<Record<FieldName, FieldValue>>>> {
		const asked = filters.filter((filter) => !holdsPlaceholder(filter));
		const answers = await this.system.readEach!(name, fields, asked);
		let position = 0;
		return filters.map((filter) => {
			if (!holdsPlaceholder(filter)) return answers[position++] ?? [];
			const made = contactToBe(name, filter);
			return made ? [made] : [];
		});
	}

	/** Rows that exist here alone are named by their keys. */
	private async idsByKey(table: TableSource, keys: readonly string[]): Promise<Map<string, string>> {
		const rows = this.rowsOf(table);
		const own = keys.filter((key) => rows.isOwn(key));
		const found = await this.system.idsOfKeys!(
			table,
			keys.filter((key) => !rows.isOwn(key) && !holdsPlaceholder(key)),
		);
		return new Map([...[...found].filter(([, id]) => !rows.isDeleted(id)), ...own.map((key): [string, string] => [key, key])]);
	}

	/** Values of a choice are given by CRM. */
	private async idsFor(table: TableSource, count: number, taken: readonly string[]): Promise<string[]> {
		if (!table.choice) return await this.system.newIds!(table, count, taken);
		const ids: string[] = [];
		while (ids.length < count) ids.push(await this.placeholders.choice(table));
		return ids;
	}

	private rowsOf({ name }: TableSource): HeldRows {
		const known = this.tablesHeld.get(name);
		if (known) return known;
		const made = new HeldRows();
		this.tablesHeld.set(name, made);
		return made;
	}

	private existsHereAlone(id: string): boolean {
		if (holdsPlaceholder(id)) return true;
		for (const rows of this.tablesHeld.values()) if (rows.isOwn(id)) return true;
		return false;
	}

	private writtenTo(table: TableSource, id: string, field: FieldName): FieldValue | undefined {
		const row = this.rowsOf(table).get(id);
		return row ? valuesOf(row)[field] : undefined;
	}

	/** Records of the service as they are by now; those deleted here, or changed so that the filter leaves them out, are not shown. */
	private shown(table: TableSource, records: readonly SystemRecord[], fields: readonly FieldName[], filter: string | null): SystemRecord[] {
		this.seen.add(table, records);
		const rows = this.rowsOf(table);
		if (rows.size === 0) return [...records];
		return records.flatMap((record) => {
			const row = rows.get(record.id);
			if (!row) return [record];
			if (row.deleted || row.own) return [];
			const written = valuesOf(row);
			if (!maySelect(filter, (field) => written[field])) return [];
			return [changedRecord(table, record, row, fields)];
		});
	}

	private ownAmong(table: TableSource, ids: Iterable<string>, fields: readonly FieldName[], filter: string | null): SystemRecord[] {
		const rows = this.rowsOf(table);
		const found: SystemRecord[] = [];
		for (const id of new Set(ids)) {
			const row = rows.get(id);
			if (!row || !row.own || row.deleted) continue;
			const written = valuesOf(row);
			if (maySelect(filter, (field) => written[field])) found.push(ownRecord(table, id, row, fields));
		}
		return found;
	}
}
