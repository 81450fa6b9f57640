import { randomUUID } from 'node:crypto';
import { isGuid } from '../../model/guid';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';
import type { AbsentColumn, TableShape } from '../../model/shape';
import type { ChangeQuery, SearchPage, VersionPage, VersionQuery } from '../../ports/recordSystem';
import type { WriteOperation, WriteOutcome } from '../../ports/write';
import { confirmedGone } from '../odata/confirmedGone';
import type { Connection } from '../odata/connection';
import { unreadableError } from '../odata/errors';
import { queryString } from '../odata/literals';
import type { Existence } from './existence';
import { describeTable } from './describe';
import type { Metadata } from './metadata';
import type { Reader } from './reader';
import { search } from './search';
import type { TableAccess } from './tableAccess';
import { readVersions } from './versions';
import type { Operations } from './operations';

/** `$count` stops there: Microsoft Learn, "Count rows" of the Dataverse Web API. */
const COUNT_LIMIT = 5_000;

/** What rows are read, found and written with. */
export interface RowTools {
	connection: Connection;
	root: string;
	metadata: Metadata;
	reader: Reader;
	operations: Operations;
	existence: Existence;
}

/** Tables of Dataverse, with their rows. */
export class RowTables implements TableAccess {
	constructor(private readonly tools: RowTools) {}

	describe(table: TableSource): Promise<TableShape> {
		return describeTable(this.tools.metadata, table.name);
	}

	async missingFields(table: TableSource, fields: readonly FieldName[], afresh: boolean): Promise<AbsentColumn[]> {
		return (await this.tools.metadata.missing(table.name, fields, afresh)).map((field) => ({ field, page: null }));
	}

	readChanges(query: ChangeQuery): AsyncIterable<SystemRecord[]> {
		return this.tools.reader.changes(query);
	}

	async readByIds(
		table: TableSource,
		ids: readonly string[],
		fields: readonly FieldName[],
		filter: string | null,
	): Promise<Map<string, SystemRecord>> {
		const records = await this.tools.reader.byValues(table, null, ids.filter(isGuid), fields, filter);
		return new Map(records.map((record) => [record.id, record]));
	}

	readByValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter: string | null,
	): Promise<SystemRecord[]> {
		return this.tools.reader.byValues(table, field, values, fields, filter);
	}

	existing(table: TableSource, ids: readonly string[], filter: string | null): Promise<Set<string>> {
		return this.tools.existence.existing(table, ids.filter(isGuid), filter);
	}

	readVersions(query: VersionQuery): Promise<VersionPage> {
		return readVersions(this.tools, query);
	}

	async write(table: TableSource, operations: readonly WriteOperation[], returning: readonly FieldName[]): Promise<WriteOutcome[]> {
		const outcomes = await this.tools.operations.write(table, operations, returning);
		return await confirmedGone(operations, outcomes, (ids) => this.existing(table, ids, null));
	}

	newIds(_table: TableSource, count: number): Promise<string[]> {
		return Promise.resolve(Array.from({ length: count }, () => randomUUID()));
	}

	async count(table: TableSource, filter: string | null): Promise<{ count: number; atLeast: boolean }> {
		const { connection, root, reader } = this.tools;
		const { set } = await reader.shape(table, []);
		const text = await connection.getText(`${root}/${set}/$count${queryString({ $filter: filter })}`, { table: table.name });
		const count = Number(text.replace(/^\uFEFF/, '').trim());
		if (!Number.isInteger(count)) throw unreadableError({ status: 200, headers: {}, body: text }, connection.context(true, table.name));
		return { count, atLeast: count >= COUNT_LIMIT };
	}

	async search(table: TableSource, text: string, filter: string | null, next?: string): Promise<SearchPage> {
		const { connection, root, reader } = this.tools;
		return search(connection, root, { shape: await reader.shape(table, []), table, text, filter }, next);
	}
}
