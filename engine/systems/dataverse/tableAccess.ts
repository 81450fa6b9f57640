import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';
import type { AbsentColumn, TableShape } from '../../model/shape';
import type { ChangeQuery, SearchPage, VersionPage, VersionQuery } from '../../ports/recordSystem';
import type { WriteOperation, WriteOutcome } from '../../ports/write';

/**
 * What depends on the kind of table: rows of Dataverse tables, or the values of a choice column taken as a table. Each method is as in
 * `RecordSystem`.
 */
export interface TableAccess {
	describe(table: TableSource): Promise<TableShape>;
	missingFields(table: TableSource, fields: readonly FieldName[], afresh: boolean): Promise<AbsentColumn[]>;
	readChanges(query: ChangeQuery): AsyncIterable<SystemRecord[]>;
	readByIds(
		table: TableSource,
		ids: readonly string[],
		fields: readonly FieldName[],
		filter: string | null,
	): Promise<Map<string, SystemRecord>>;
	readByValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter: string | null,
	): Promise<SystemRecord[]>;
	existing(table: TableSource, ids: readonly string[], filter: string | null): Promise<Set<string>>;
	readVersions(query: VersionQuery): Promise<VersionPage>;
	write(table: TableSource, operations: readonly WriteOperation[], returning: readonly FieldName[]): Promise<WriteOutcome[]>;
	newIds(table: TableSource, count: number, taken: readonly string[]): Promise<string[]>;
	count(table: TableSource, filter: string | null): Promise<{ count: number; atLeast: boolean }>;
	search(table: TableSource, text: string, filter: string | null, next?: string): Promise<SearchPage>;
}
