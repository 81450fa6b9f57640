import { SyncError } from '../../errors';
import type { BatchPart, PartAnswer } from '../odata/batch';
import { fixedSize, type BatchRunner } from '../odata/batchRunner';
import type { Connection } from '../odata/connection';
import type { Row } from '../odata/envelope';
import { keySegment, queryString } from '../odata/literals';
import type { NoAnswer } from '../odata/transport';
import type { FieldName, FieldValue, LookupValue, SystemRecord, TableSource, WriteOperation, WriteOutcome } from '../system';
import { apiAddress, sharesParent, type Addresses } from './address';
import type { Companions } from './companions';
import { CompanionWriter, type CompanionTask } from './companionWriter';
import { ownFields, selection } from './fields';
import { writeResult } from './outcome';
import { toRecord, valuesOf, wireValue } from './records';

type Change = Exclude<WriteOperation, { kind: 'delete' }>;

export interface WriterOptions {
	connection: Connection;
	runner: BatchRunner;
	addresses: Addresses;
	companions: Companions;
	batchSize: number;
	/** Reads rows by id; those that are gone are absent. */
	readOwn: (table: TableSource, ids: readonly string[], fields: readonly FieldName[]) => Promise<Map<string, SystemRecord>>;
}

/**
 * Writes records: first the entity set itself, guarded by the version, then the companion pages. Nothing here needs undoing after a crash:
 * a companion that was not reached still differs, so the next run writes it.
 */
export class Writer {
	constructor(private readonly options: WriterOptions) {}

	/** `returning`: fields wanted back beside those written. */
	async write(table: TableSource, operations: readonly WriteOperation[], returning: readonly FieldName[]): Promise<WriteOutcome[]> {
		const outcomes = await this.writeOwn(table, operations, returning);
		const tasks = this.companionTasks(table, operations, outcomes);
		if (tasks.length > 0) {
			const wanted = this.wantedFields(operations, returning);
			const readOwn = (ids: readonly string[]) => this.options.readOwn(table, ids, wanted);
			const writer = new CompanionWriter(this.options.companions, this.options.connection, readOwn, wanted);
			const later = await writer.write(table, tasks);
			for (const [index, outcome] of later) outcomes[index] = outcome;
		}
		return outcomes;
	}

	/** Inserts apart from updates and deletes: those carry a condition and may be sent twice, an insert whose answer was lost may not. */
	private async writeOwn(
		table: TableSource,
		operations: readonly WriteOperation[],
		returning: readonly FieldName[],
	): Promise<WriteOutcome[]> {
		const outcomes = new Array<WriteOutcome>(operations.length);
		const groups: Array<{ repeatable: boolean; indexes: number[] }> = [
			{ repeatable: true, indexes: [] },
			{ repeatable: false, indexes: [] },
		];
		for (const [index, operation] of operations.entries()) {
			if (operation.kind === 'update' && ownFields(Object.keys(operation.values)).length === 0) {
				// Companion fields only (or nothing): the version is checked there.
				outcomes[index] = { status: 'written', record: blankRecord(operation) };
			} else groups[operation.kind === 'insert' ? 1 : 0]!.indexes.push(index);
		}
		// Both settle before an error is thrown, so that nothing is written behind the caller's back.
		const ends = await Promise.allSettled(
			groups.map(async ({ repeatable, indexes }) => {
				const parts = indexes.map((index) => this.part(table, operations[index]!, returning));
				const answers = await this.run(table, parts, repeatable);
				for (const [position, index] of indexes.entries())
					outcomes[index] = this.outcome(table, operations[index]!, answers[position]!, returning);
			}),
		);
		const failure = ends.find((end) => end.status === 'rejected');
		if (failure) throw failure.reason;
		return outcomes;
	}

	private async run(table: TableSource, parts: BatchPart[], repeatable: boolean): Promise<Array<PartAnswer | NoAnswer>> {
		if (parts.length === 0) return [];
		const { runner, addresses, batchSize, connection } = this.options;
		const { root, set } = apiAddress(addresses, table.name);
		connection.counts.writes += parts.length;
		const sizer = fixedSize(batchSize);
		return runner.run(parts, {
			url: `${root}/$batch`,
			table: table.name,
			repeatable,
			reading: false,
			sequential: sharesParent(set),
			sizer,
		});
	}

	private part(table: TableSource, operation: WriteOperation, returning: readonly FieldName[]): BatchPart {
		const { path, set } = apiAddress(this.options.addresses, table.name);
		if (operation.kind === 'delete')
			return { method: 'DELETE', url: path + keySegment(operation.id), headers: { 'If-Match': operation.version } };
		const fields = ownFields(Object.keys(operation.values));
		const body = Object.fromEntries(fields.map((field) => [field, wireValue(field, operation.values[field] as FieldValue | LookupValue)]));
		const query = queryString({ $select: selection(table, set, [...Object.keys(operation.values), ...returning]) });
		if (operation.kind === 'insert') return { method: 'POST', url: path + query, headers: {}, body };
		return { method: 'PATCH', url: path + keySegment(operation.id) + query, headers: { 'If-Match': operation.version }, body };
	}

	private outcome(
		table: TableSource,
		operation: WriteOperation,
		answer: PartAnswer | NoAnswer,
		returning: readonly FieldName[],
	): WriteOutcome {
		const id = operation.kind === 'insert' ? undefined : operation.id;
		const result = writeResult(answer, operation.kind, this.options.connection.context(false, table.name, id));
		if ('outcome' in result) return result.outcome;
		if (operation.kind === 'delete') return { status: 'written', record: blankRecord(operation) };
		if (result.row === null) return { status: 'unknown', error: this.noRow(table) };
		return { status: 'written', record: this.record(table, operation, result.row, returning) };
	}

	/** The row as it came back, with the values that join the companions. */
	private record(table: TableSource, operation: Change, row: Row, returning: readonly FieldName[]): SystemRecord {
		const fields = [...Object.keys(operation.values), ...returning];
		const joining = (table.companions ?? []).map((companion) => companion.primaryKey);
		const record = toRecord(row, table, fields);
		return { ...record, values: { ...valuesOf(row, joining), ...record.values } };
	}

	private companionTasks(table: TableSource, operations: readonly WriteOperation[], outcomes: readonly WriteOutcome[]): CompanionTask[] {
		return operations.flatMap((operation, index) => {
			const outcome = outcomes[index]!;
			if (operation.kind === 'delete' || outcome.status !== 'written') return [];
			const own = ownFields(Object.keys(operation.values));
			const values = Object.fromEntries(
				Object.entries(operation.values).flatMap(([field, value]) => (field.includes('/') ? [[field, wireValue(field, value)]] : [])),
			);
			if (Object.keys(values).length === 0 && (own.length > 0 || operation.kind === 'insert')) return [];
			const guard = operation.kind === 'update' && own.length === 0 ? operation.version : null;
			return [{ index, inserted: operation.kind === 'insert', guard, record: outcome.record, values }];
		});
	}

	private wantedFields(operations: readonly WriteOperation[], returning: readonly FieldName[]): FieldName[] {
		const written = operations.flatMap((operation) => (operation.kind === 'delete' ? [] : Object.keys(operation.values)));
		return [...new Set([...written, ...returning])];
	}

	private noRow(table: TableSource): SyncError {
		return new SyncError({
			code: 'BC_NO_ROW',
			errorClass: 'transient',
			system: 'businessCentral',
			table: table.name,
			message: `Business Central confirmed a change on ${table.name} without sending the record.`,
			hint: 'The next run reads the record again.',
		});
	}
}

/** A record of which only the identity is known. */
function blankRecord(operation: Exclude<WriteOperation, { kind: 'insert' }>): SystemRecord {
	const number = operation.kind === 'update' ? operation.number : '';
	return { id: operation.id, stamp: '', version: operation.version, number, name: '', values: {} };
}
