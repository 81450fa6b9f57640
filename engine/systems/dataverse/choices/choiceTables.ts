import type { BatchRunner } from '../../odata/batchRunner';
import type { Connection } from '../../odata/connection';
import type { ChangeQuery } from '../../../ports/recordSystem';
import type { Metadata } from '../metadata';
import { ChoiceColumns } from './choiceColumns';
import { LABEL, recordsOf, VALUE } from './choiceRecords';
import { ChoiceWriter } from './choiceWriter';
import { noFilter } from './refusals';
import type { ChoiceSource, SystemRecord, TableSource } from '../../../model/record';
import type { ColumnShape, TableShape } from '../../../model/shape';
import type { WriteOperation, WriteOutcome } from '../../../ports/write';

/** Largest value of a choice (32 bits). */
const LARGEST = 2_147_483_647;

export type ChoiceTable = TableSource & { choice: ChoiceSource };

export const isChoice = (table: TableSource): table is ChoiceTable => table.choice !== undefined;

/** Choice columns taken as tables: their values are read afresh whenever they are asked for, and kept nowhere. */
export class ChoiceTables {
	private readonly columns: ChoiceColumns;
	private readonly writer: ChoiceWriter;

	constructor(connection: Connection, runner: BatchRunner, metadata: Metadata, root: string, warn: (text: string) => void) {
		this.columns = new ChoiceColumns(connection, runner, root);
		this.writer = new ChoiceWriter(connection, runner, this.columns, metadata, root, warn);
	}

	/** All values, in one request. @throws SyncError (setup) `CRM_CHOICE_FILTER` when a filter is given. */
	async all({ name, choice }: ChoiceTable, filter: string | null = null): Promise<SystemRecord[]> {
		if (filter !== null) throw noFilter(name);
		return recordsOf(await this.columns.read(choice));
	}

	async *changes(table: ChoiceTable, { filter, pageSize }: ChangeQuery): AsyncGenerator<SystemRecord[]> {
		const records = await this.all(table, filter);
		for (let start = 0; start < records.length; start += pageSize) yield records.slice(start, start + pageSize);
	}

	async byIds(table: ChoiceTable, ids: readonly string[], filter: string | null): Promise<Map<string, SystemRecord>> {
		if (ids.length === 0) return new Map();
		const wanted = new Set(ids);
		return new Map((await this.all(table, filter)).filter(({ id }) => wanted.has(id)).map((record) => [record.id, record]));
	}

	async search(table: ChoiceTable, text: string, filter: string | null): Promise<SystemRecord[]> {
		const wanted = text.trim().toLowerCase();
		return (await this.all(table, filter))
			.filter(({ name }) => name.toLowerCase().includes(wanted))
			.sort((a, b) => a.name.localeCompare(b.name));
	}

	write({ choice }: ChoiceTable, operations: readonly WriteOperation[]): Promise<WriteOutcome[]> {
		return this.writer.write(choice, operations);
	}

	/** Numbers for new values, that neither the column nor its mirrors have: the next above the highest. */
	async newIds({ choice }: ChoiceTable, count: number, taken: readonly string[]): Promise<string[]> {
		const { column, mirrors } = await this.writer.read(choice);
		const used = new Set([...[column, ...mirrors].flatMap(({ options }) => [...options.keys()]), ...taken.map(Number)]);
		const ids: string[] = [];
		for (let next = Math.max(0, ...used) + 1; ids.length < count; next++) {
			// Beyond the largest number there may still be room below.
			const value = next <= LARGEST ? next : next - LARGEST;
			if (!used.has(value)) ids.push(String(value));
		}
		return ids;
	}

	async describe({ name, choice }: ChoiceTable): Promise<TableShape> {
		const { label } = await this.columns.read(choice);
		const common = { maxLength: null, creatable: true };
		const columns: ColumnShape[] = [
			{ name: VALUE, label: 'Value', type: 'integer', writable: false, ...common },
			{ name: LABEL, label: 'Label', type: 'text', writable: true, ...common },
		];
		return { name, label, columns: new Map(columns.map((column) => [column.name, column])) };
	}
}
