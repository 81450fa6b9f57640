import type { BatchPart } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import { LEAST_READS, spread } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { readPage, type Row } from '../odata/envelope';
import { noAnswerError, serviceError, unreadableError } from '../odata/errors';
import { allOf, anyOf, type ChunkLimits, encodeOption, type LiteralType, queryString } from '../odata/literals';
import { identified } from '../odata/identified';
import { NoAnswer } from '../odata/transport';
import { UnseenRows } from '../odata/unseenRows';
import type { ChangeQuery, RecordQuestion } from '../../ports/recordSystem';
import type { Addresses } from './address';
import { KEY_CHUNK } from './companions';
import { ownFields, selection } from './fields';
import { pageError } from './pageErrors';
import type { KeysSeen } from './keysSeen';
import { idFilters, type PageKey } from './pageKeys';
import { primarySet, type PrimarySet, primarySets } from './primary';
import { identityFields, keyOf, recordId, toRecord } from './records';
import { type KnownKey, pageOf } from '../../model/recordIdentity';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';

/** A page of the service holds 20,000 rows at most ("Server-driven paging in OData web services"). */
const LARGEST_PAGE = 20_000;

/** Reads the primary table itself: changes by stamp (a page of ODataV4 has none: all its rows), and rows by keys, many keys in one request. */
export class Reader {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly addresses: Addresses,
		private readonly batchSize: number,
		private readonly keys: { keysOf: (table: TableSource) => Promise<readonly PageKey[]>; seen: KeysSeen },
	) {}

	async *changes({ table, fields, filter, since, pageSize }: ChangeQuery): AsyncGenerator<SystemRecord[]> {
		const headers = { Prefer: `odata.maxpagesize=${Math.max(1, Math.min(pageSize, LARGEST_PAGE))}` };
		const unseen = new UnseenRows();
		for (const set of primarySets(this.addresses, table)) {
			const query = queryString({
				$select: selection(this.addresses, table, set, fields),
				$filter: allOf(set.textThere(filter), since === null || !set.stamped ? null : `lastModifiedDateTime ge ${since}`),
				$orderby: set.stamped ? 'lastModifiedDateTime' : null,
			});
			for await (const rows of this.pages(table, set, query, headers)) {
				const records = unseen.of(rows.map((row) => this.record(table, set, row, fields)));
				if (records.length > 0) yield records;
			}
		}
	}

	/** Rows by id, without companions. */
	async byIds(
		table: TableSource,
		ids: readonly string[],
		fields: readonly FieldName[],
		filter: string | null = null,
	): Promise<Map<string, SystemRecord>> {
		const wanted = new Set(ids);
		const filters = await this.idFilters(table, ids, filter);
		const records = await this.records(table, filters, fields, filter);
		return new Map(records.filter((record) => wanted.has(record.id)).map((record) => [record.id, record]));
	}

	async byValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		{ filter, ...how }: { filter: string | null; type: LiteralType; ignoreCase: boolean },
	): Promise<SystemRecord[]> {
		const records = await this.records(table, this.valueFilters(field, values, how, filter), fields, filter);
		// A row can fit the filters of two parts when the service compares more loosely than we do.
		return [...new Map(records.map((record) => [record.id, record])).values()];
	}

	/** Rows that each question selects, all questions in one batch; `howOf` tells how values of a field are written. Without companions. */
	async byQuestions(
		table: TableSource,
		questions: readonly RecordQuestion[],
		fields: readonly FieldName[],
		howOf: (field: FieldName) => Promise<{ type: LiteralType; ignoreCase: boolean }>,
	): Promise<SystemRecord[][]> {
		const filters: string[][] = [];
		for (const { field, values, filter } of questions) {
			const any =
				field === null ? await this.idFilters(table, values, filter) : this.valueFilters(field, values, await howOf(field), filter);
			filters.push(any.map((each) => allOf(filter, each)!));
		}
		const found = questions.map(() => new Map<string, SystemRecord>());
		for (const set of primarySets(this.addresses, table)) {
			const all = filters.flat().map((each) => set.textThere(each));
			const answers = await this.answersOf(table, set, all, selection(this.addresses, table, set, fields));
			let taken = 0;
			filters.forEach((parts, index) => {
				for (const row of answers.slice(taken, (taken += parts.length)).flat()) {
					const record = this.record(table, set, row, fields);
					found[index]!.set(record.id, record);
				}
			});
		}
		return questions.map(({ field, values }, index) => {
			const records = [...found[index]!.values()];
			return field === null ? records.filter(({ id }) => values.includes(id)) : records;
		});
	}

	private valueFilters(
		field: FieldName,
		values: readonly FieldValue[],
		{ type, ignoreCase }: { type: LiteralType; ignoreCase: boolean },
		filter: string | null,
	): string[] {
		const term = ignoreCase ? (name: string, literal: string) => `tolower(${name}) eq ${literal}` : undefined;
		const asked = ignoreCase ? values.map((value) => (typeof value === 'string' ? lowered(value) : value)) : values;
		return anyOf(field, asked, type, 'businessCentral', limitsBeside(filter), term);
	}

	/** Those of the ids that exist; nothing but the id is read. */
	async idsAmong(table: TableSource, ids: readonly string[], filter: string | null = null): Promise<Set<string>> {
		const wanted = new Set(ids);
		const filters = (await this.idFilters(table, ids, filter)).map((each) => allOf(filter, each));
		const found = new Set<string>();
		for (const set of primarySets(this.addresses, table)) {
			const select = identityFields(table).map((name) => set.there(name));
			const rows = await this.rows(
				table,
				set,
				filters.map((each) => set.textThere(each)),
				select.join(','),
			);
			for (const row of rows) found.add(recordId(set.here(row), table));
		}
		return new Set([...found].filter((id) => wanted.has(id)));
	}

	/** SystemIds by key of rows that the extension shows, however the mapping knows them; those that are not there are absent. */
	async systemIds(table: TableSource, keys: readonly string[]): Promise<Map<string, string>> {
		const wanted = new Set(keys);
		const filters = idFilters(await this.keys.keysOf(table), keys, limitsBeside(null));
		return new Map((await this.knownKeys(table, filters)).flatMap(({ id, key }) => (wanted.has(key) ? [[key, id] as const] : [])));
	}

	/** Keys by SystemId, likewise. */
	async keysOfRows(table: TableSource, ids: readonly string[]): Promise<Map<string, string>> {
		const filters = anyOf('id', ids, 'guid', 'businessCentral', limitsBeside(null));
		return new Map((await this.knownKeys(table, filters)).map(({ id, key }) => [id, key]));
	}

	private async knownKeys(table: TableSource, filters: readonly string[]): Promise<KnownKey[]> {
		const set = primarySet(this.addresses, table);
		const select = [...new Set(['id', ...(pageOf(table)?.keys ?? []).map((name) => set.there(name))])].join(',');
		const rows = await this.rows(
			table,
			set,
			filters.map((each) => set.textThere(each)),
			select,
		);
		return rows.map((row) => ({ id: String(row['id']).toLowerCase(), key: keyOf(set.here(row), table) }));
	}

	private async idFilters(table: TableSource, ids: readonly string[], filter: string | null): Promise<string[]> {
		if (ids.length === 0) return [];
		if (table.page) return idFilters(await this.keys.keysOf(table), ids, limitsBeside(filter));
		return anyOf('id', ids, 'guid', 'businessCentral', limitsBeside(filter));
	}

	private async records(
		table: TableSource,
		filters: readonly string[],
		fields: readonly FieldName[],
		filter: string | null,
	): Promise<SystemRecord[]> {
		const records: SystemRecord[] = [];
		for (const set of primarySets(this.addresses, table)) {
			const all = filters.map((each) => set.textThere(allOf(filter, each)));
			const rows = await this.rows(table, set, all, selection(this.addresses, table, set, fields));
			for (const row of rows) records.push(this.record(table, set, row, fields));
		}
		return records;
	}

	private record(table: TableSource, set: PrimarySet, row: Row, fields: readonly FieldName[]): SystemRecord {
		const record = toRecord(set.here(row), table, ownFields(fields).concat(joinFields(table)));
		identified([record], this.connection, table.name);
		this.keys.seen.see(table, [record]);
		return record;
	}

	private async *pages(table: TableSource, set: PrimarySet, query: string, headers: Record<string, string>): AsyncGenerator<Row[]> {
		try {
			yield* this.connection.pages(`${set.root}/${set.path}${query}`, { table: set.set, headers });
		} catch (error) {
			throw pageError(error, table, set);
		}
	}

	private async rows(table: TableSource, set: PrimarySet, filters: ReadonlyArray<string | null>, $select: string): Promise<Row[]> {
		return (await this.answersOf(table, set, filters, $select)).flat();
	}

	/** One GET for each filter, together in `$batch`; the rows of each. */
	private async answersOf(table: TableSource, set: PrimarySet, filters: ReadonlyArray<string | null>, $select: string): Promise<Row[][]> {
		const parts = filters.map((filter): BatchPart => ({
			method: 'GET',
			url: set.path + queryString({ $filter: filter, $select }),
			headers: {},
		}));
		if (parts.length === 0) return [];
		try {
			return await this.answered(table, set, parts);
		} catch (error) {
			throw pageError(error, table, set);
		}
	}

	private async answered(table: TableSource, { root, set }: PrimarySet, parts: readonly BatchPart[]): Promise<Row[][]> {
		const sizer = spread(this.batchSize, LEAST_READS);
		const answers = await this.runner.run(parts, { url: `${root}/$batch`, table: set, repeatable: true, reading: true, sizer });
		const found: Row[][] = [];
		for (const answer of answers) {
			const context = this.connection.context(true, set);
			if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
			if (answer.status !== 200) throw serviceError(answer, context);
			const page = readPage(answer.body);
			if (page === null) throw unreadableError(answer, context);
			const rest = page.nextLink === null ? [] : await this.connection.all(page.nextLink, { table: set });
			found.push([...page.rows, ...rest]);
		}
		return found;
	}
}

/** Letters that grow when they are made small (İ) stay: a value longer than its field makes Business Central refuse the whole filter. */
const lowered = (text: string): string =>
	Array.from(text, (letter) => (letter.toLowerCase().length > letter.length ? letter : letter.toLowerCase())).join('');

/** What a filter of the mapping leaves of the length of an address. */
const limitsBeside = (filter: string | null): ChunkLimits => ({
	...KEY_CHUNK,
	characters: KEY_CHUNK.characters - encodeOption(filter ?? '').length,
});

/** Values that join companions are kept with the record, so that `complete` finds them. */
const joinFields = (table: TableSource): FieldName[] => (table.companions ?? []).map((companion) => companion.primaryKey);
