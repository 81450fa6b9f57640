import type { BatchRunner } from '../../odata/batchRunner';
import type { Connection } from '../../odata/connection';
import type { ChangeQuery, SearchPage, VersionPage, VersionQuery } from '../../../ports/recordSystem';
import type { TableAccess } from '../tableAccess';
import type { Metadata } from '../metadata';
import { ChoiceColumns } from './choiceColumns';
import { LABEL, recordsOf, VALUE, withValues } from './choiceRecords';
import { ChoiceWriter } from './choiceWriter';
import { noFilter } from './refusals';
import type { ChoiceSource, FieldName, FieldValue, SystemRecord, TableSource } from '../../../model/record';
import type { ColumnShape, AbsentColumn, TableShape } from '../../../model/shape';
import type { RecordOperation, WriteOperation, WriteOutcome } from '../../../ports/write';

/** Largest value of a choice (32 bits). */
const LARGEST = 2_147_483_647;

/** Whether the table is a choice column taken as a table. */
export const isChoice = (table: TableSource): boolean => table.choice !== undefined;

const choiceOf = ({ choice }: TableSource): ChoiceSource => choice!;

/** Choice columns taken as tables: their values are read afresh whenever they are asked for, and kept nowhere. */
export class ChoiceTables implements TableAccess {
	private readonly columns: ChoiceColumns;
	private readonly writer: ChoiceWriter;

	constructor(connection: Connection, runner: BatchRunner, metadata: Metadata, root: string, warn: (text: string) => void) {
		this.columns = new ChoiceColumns(connection, runner, root);
		this.writer = new ChoiceWriter(connection, runner, { columns: this.columns, metadata }, root, warn);
	}

	async describe(table: TableSource): Promise<TableShape> {
		const { label } = await this.columns.read(choiceOf(table));
		const common = { maxLength: null, creatable: true };
		const columns: ColumnShape[] = [
			{ name: VALUE, label: 'Value', type: 'integer', writable: false, ...common },
			{ name: LABEL, label: 'Label', type: 'text', writable: true, ...common },
		];
		return { name: table.name, label, columns: new Map(columns.map((column) => [column.name, column])) };
	}

	/** The values of a choice have the same few fields everywhere. */
	missingFields(): Promise<AbsentColumn[]> {
		return Promise.resolve([]);
	}

	async *readChanges({ table, filter, pageSize }: ChangeQuery): AsyncGenerator<SystemRecord[]> {
		const records = await this.all(table, filter);
		for (let start = 0; start < records.length; start += pageSize) yield records.slice(start, start + pageSize);
	}

	async readByIds(
		table: TableSource,
		ids: readonly string[],
		_fields: readonly FieldName[],
		filter: string | null,
	): Promise<Map<string, SystemRecord>> {
		if (ids.length === 0) return new Map();
		const wanted = new Set(ids);
		return new Map((await this.all(table, filter)).filter(({ id }) => wanted.has(id)).map((record) => [record.id, record]));
	}

	async readByValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		_fields: readonly FieldName[],
		filter: string | null,
	): Promise<SystemRecord[]> {
		return withValues(await this.all(table, filter), field, values);
	}

	async existing(table: TableSource, ids: readonly string[], filter: string | null): Promise<Set<string>> {
		return new Set((await this.readByIds(table, ids, [], filter)).keys());
	}

	/** The values of a choice have no versions, and each run reads them all. */
	readVersions({ table }: VersionQuery): Promise<VersionPage> {
		return Promise.reject(new Error(`The values of ${table.name} have no versions.`));
	}

	write(table: TableSource, operations: readonly WriteOperation[]): Promise<WriteOutcome[]> {
		return this.writer.write(choiceOf(table), operations.map(onlyRecords));
	}

	/** Numbers for new values, that neither the column nor its mirrors have: the next above the highest. */
	async newIds(table: TableSource, count: number, taken: readonly string[]): Promise<string[]> {
		const { column, mirrors } = await this.writer.read(choiceOf(table));
		const used = new Set([...[column, ...mirrors].flatMap(({ options }) => [...options.keys()]), ...taken.map(Number)]);
		const ids: string[] = [];
		for (let next = Math.max(0, ...used) + 1; ids.length < count; next++) {
			// Beyond the largest number there may still be room below.
			const value = next <= LARGEST ? next : next - LARGEST;
			if (!used.has(value)) ids.push(String(value));
		}
		return ids;
	}

	async count(table: TableSource, filter: string | null): Promise<{ count: number; atLeast: boolean }> {
		return { count: (await this.all(table, filter)).length, atLeast: false };
	}

	async search(table: TableSource, text: string, filter: string | null): Promise<SearchPage> {
		const wanted = text.trim().toLowerCase();
		const found = (await this.all(table, filter)).filter(({ name }) => name.toLowerCase().includes(wanted));
		return { records: found.sort((a, b) => a.name.localeCompare(b.name)) };
	}

	/** All values, in one request. @throws SyncError (setup) `CRM_CHOICE_FILTER` when a filter is given. */
	private async all(table: TableSource, filter: string | null): Promise<SystemRecord[]> {
		if (filter !== null) throw noFilter(table.name);
		return recordsOf(await this.columns.read(choiceOf(table)));
	}
}

/** Values of a choice are metadata: no action is bound to them, and no change set holds them. */
function onlyRecords(operation: WriteOperation): RecordOperation {
	if (operation.kind === 'action' || operation.kind === 'group') throw new Error('Values of a choice have no actions and no groups.');
	return operation;
}
