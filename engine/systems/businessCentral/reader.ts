import type { BatchPart } from '../odata/batch';
import { fixedSize, type BatchRunner } from '../odata/batchRunner';
import type { Connection } from '../odata/connection';
import { readPage, type Row } from '../odata/envelope';
import { noAnswerError, serviceError, unreadableError } from '../odata/errors';
import { allOf, anyOf, encodeOption, queryString, type LiteralType } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import type { ChangeQuery, FieldName, FieldValue, SystemRecord, TableSource } from '../system';
import { apiAddress, hasStamp, type Addresses } from './address';
import { KEY_CHUNK } from './companions';
import { ownFields, selection } from './fields';
import { toRecord } from './records';
import { UnseenRows } from '../odata/unseenRows';

/** A page of the service holds 20,000 rows at most (OData facts §5). */
const LARGEST_PAGE = 20_000;

/** Reads the entity set itself: changes by stamp, and rows by keys, many keys in one request. */
export class Reader {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly addresses: Addresses,
		private readonly batchSize: number,
	) {}

	async *changes({ table, fields, filter, since, pageSize }: ChangeQuery): AsyncGenerator<SystemRecord[]> {
		const { root, path, set } = apiAddress(this.addresses, table.name);
		const query = queryString({
			$select: selection(table, set, fields),
			$filter: allOf(filter, since === null ? null : `lastModifiedDateTime ge ${since}`),
			$orderby: hasStamp(set) ? 'lastModifiedDateTime' : null,
		});
		const headers = { Prefer: `odata.maxpagesize=${Math.max(1, Math.min(pageSize, LARGEST_PAGE))}` };
		const unseen = new UnseenRows();
		for await (const rows of this.connection.pages(`${root}/${path}${query}`, { table: table.name, headers })) {
			const records = unseen.of(rows.map((row) => toRecord(row, table, ownFields(fields).concat(joinFields(table)))));
			if (records.length > 0) yield records;
		}
	}

	/** Rows by id, without companions. */
	async byIds(
		table: TableSource,
		ids: readonly string[],
		fields: readonly FieldName[],
		filter: string | null = null,
	): Promise<Map<string, SystemRecord>> {
		const records = await this.byValues(table, 'id', ids, 'guid', fields, filter);
		return new Map(records.map((record) => [record.id, record]));
	}

	async byValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		type: LiteralType,
		fields: readonly FieldName[],
		filter: string | null,
		ignoreCase = false,
	): Promise<SystemRecord[]> {
		const term = ignoreCase ? (name: string, literal: string) => `tolower(${name}) eq ${literal}` : undefined;
		const asked = ignoreCase ? values.map((value) => (typeof value === 'string' ? value.toLowerCase() : value)) : values;
		const limits = { ...KEY_CHUNK, characters: KEY_CHUNK.characters - encodeOption(filter ?? '').length };
		const filters = anyOf(field, asked, type, 'businessCentral', limits, term).map((any) => allOf(filter, any));
		const rows = await this.parts(table, filters, fields);
		// A row can fit the filters of two parts when the service compares more loosely than we do.
		const records = new Map(
			rows.map((row) => toRecord(row, table, ownFields(fields).concat(joinFields(table)))).map((record) => [record.id, record]),
		);
		return [...records.values()];
	}

	/** Those of the ids that exist; nothing but the id is read. */
	async idsAmong(table: TableSource, ids: readonly string[]): Promise<Set<string>> {
		const rows = await this.rows(table, anyOf('id', ids, 'guid', 'businessCentral', KEY_CHUNK), 'id');
		return new Set(rows.map((row) => String(row['id']).toLowerCase()));
	}

	private parts(table: TableSource, filters: ReadonlyArray<string | null>, fields: readonly FieldName[]): Promise<Row[]> {
		return this.rows(table, filters, selection(table, apiAddress(this.addresses, table.name).set, fields));
	}

	/** One GET for each filter, together in `$batch`. */
	private async rows(table: TableSource, filters: ReadonlyArray<string | null>, $select: string): Promise<Row[]> {
		const { root, path } = apiAddress(this.addresses, table.name);
		const parts = filters.map((filter): BatchPart => ({
			method: 'GET',
			url: path + queryString({ $filter: filter, $select }),
			headers: {},
		}));
		if (parts.length === 0) return [];
		const sizer = fixedSize(this.batchSize);
		const answers = await this.runner.run(parts, { url: `${root}/$batch`, table: table.name, repeatable: true, reading: true, sizer });
		const rows: Row[] = [];
		for (const answer of answers) {
			const context = this.connection.context(true, table.name);
			if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
			if (answer.status !== 200) throw serviceError(answer, context);
			const page = readPage(answer.body);
			if (page === null) throw unreadableError(answer, context);
			rows.push(...page.rows);
			if (page.nextLink !== null) rows.push(...(await this.connection.all(page.nextLink, { table: table.name })));
		}
		return rows;
	}
}

/** Values that join companions are kept with the record, so that `complete` finds them. */
const joinFields = (table: TableSource): FieldName[] => (table.companions ?? []).map((companion) => companion.primaryKey);
