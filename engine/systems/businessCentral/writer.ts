import { breather } from '../../ports/breath';
import { isRunEnding, SyncError } from '../../model/errors';
import type { BatchPart, PartAnswer } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import { spread } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import type { Row } from '../odata/envelope';
import { queryString } from '../odata/literals';
import type { NoAnswer } from '../odata/transport';
import { compositeId } from '../../model/compositeId';
import { type Addresses, sharesParent } from './address';
import type { Companions } from './companions';
import { type CompanionTask, CompanionWriter } from './companionWriter';
import { ownFields, selection } from './fields';
import type { KeysSeen } from './keysSeen';
import { writeResult } from './outcome';
import { pageError } from './pageErrors';
import { primarySet, type PrimarySet } from './primary';
import { toRecord, valuesOf, wireValue } from './records';
import type { RowAddresses } from './rowAddresses';
import type { FieldName, FieldValue, LookupValue, SystemRecord, TableSource } from '../../model/record';
import { INSERTS_SENT_WITHIN_MS, type RecordOperation, type WriteOutcome } from '../../ports/write';

type Change = Exclude<RecordOperation, { kind: 'delete' }>;

export interface WriterOptions {
	connection: Connection;
	runner: BatchRunner;
	addresses: Addresses;
	companions: Companions;
	batchSize: number;
	seen: KeysSeen;
	/** Reads rows by id; those that are gone are absent. */
	readOwn: (table: TableSource, ids: readonly string[], fields: readonly FieldName[]) => Promise<Map<string, SystemRecord>>;
	/** Throws SyncError (setup) when rows of the table cannot be addressed. */
	rowAddresses: (table: TableSource, operations: readonly RecordOperation[]) => Promise<RowAddresses>;
}

/** Everything one call of `write` works with. `outcomes` is filled by position. */
interface Call {
	table: TableSource;
	set: PrimarySet;
	rows: RowAddresses;
	operations: readonly RecordOperation[];
	/** Fields wanted back beside those written. */
	returning: readonly FieldName[];
	outcomes: WriteOutcome[];
}

/**
 * Writes records: first the primary table itself, guarded by the version, then the companion pages. Nothing here needs undoing after a crash:
 * a companion that was not reached still differs, so the next run writes it.
 */
export class Writer {
	constructor(private readonly options: WriterOptions) {}

	/** `returning`: fields wanted back beside those written. */
	async write(table: TableSource, operations: readonly RecordOperation[], returning: readonly FieldName[]): Promise<WriteOutcome[]> {
		if (operations.length === 0) return [];
		const rows = await this.options.rowAddresses(table, operations);
		const call: Call = {
			table,
			set: primarySet(this.options.addresses, table),
			rows,
			operations: operations.map((operation) => withoutHeld(operation, rows.held)),
			returning: [...returning, ...rows.held],
			outcomes: new Array<WriteOutcome>(operations.length),
		};
		for (const [index, operation] of operations.entries()) {
			const outcome = withoutRequest(rows, operation);
			if (outcome) call.outcomes[index] = outcome;
		}
		await this.writeOwn(call);
		await this.readUntold(call).catch(unlessEnding);
		const tasks = this.companionTasks(table, call.operations, call.outcomes);
		if (tasks.length > 0) {
			const wanted = this.wantedFields(operations, call.returning);
			const readOwn = (ids: readonly string[]) => this.options.readOwn(table, ids, wanted);
			const writer = new CompanionWriter(this.options.companions, this.options.connection, readOwn, wanted);
			const later = await writer.write(table, tasks);
			for (const [index, outcome] of later) call.outcomes[index] = outcome;
		}
		return call.outcomes;
	}

	/** The operations as parts of a batch, for one that holds more than these. Fields of companion pages cannot take part. */
	async prepared(
		table: TableSource,
		operations: readonly RecordOperation[],
		returning: readonly FieldName[],
	): Promise<{ parts: BatchPart[]; outcome(index: number, answer: PartAnswer | NoAnswer): WriteOutcome }> {
		const rows = await this.options.rowAddresses(table, operations);
		const set = primarySet(this.options.addresses, table);
		const call: Call = { table, set, rows, operations, returning: [...returning, ...rows.held], outcomes: [] };
		return {
			parts: operations.map((operation) => this.part(call, operation)),
			outcome: (index, answer) => this.outcome(call, operations[index]!, answer),
		};
	}

	/** Inserts apart from updates and deletes: those carry a condition and may be sent twice, an insert whose answer was lost may not. */
	private async writeOwn(call: Call): Promise<void> {
		const { operations, outcomes } = call;
		const groups: Array<{ repeatable: boolean; indexes: number[] }> = [
			{ repeatable: true, indexes: [] },
			{ repeatable: false, indexes: [] },
		];
		for (const [index, operation] of operations.entries()) {
			if (outcomes[index]) continue;
			if (operation.kind === 'update' && ownFields(Object.keys(operation.values)).length === 0) {
				// Companion fields only (or nothing): the version is checked there.
				outcomes[index] = { status: 'written', record: blankRecord(operation) };
			} else groups[operation.kind === 'insert' ? 1 : 0]!.indexes.push(index);
		}
		// Both settle before an error is thrown, so that nothing is written behind the caller's back.
		const ends = await Promise.allSettled(
			groups.map(async ({ repeatable, indexes }) => {
				const breathe = breather();
				const parts: BatchPart[] = [];
				for (const index of indexes) {
					await breathe();
					parts.push(this.part(call, operations[index]!));
				}
				const answers = await this.run(call, parts, repeatable);
				for (const [position, index] of indexes.entries()) {
					await breathe();
					outcomes[index] = this.outcome(call, operations[index]!, answers[position]!);
				}
			}),
		);
		const failure = ends.find((end) => end.status === 'rejected');
		if (failure) throw pageError(failure.reason, call.table, call.set);
	}

	private async run({ set: { root, set } }: Call, parts: BatchPart[], repeatable: boolean): Promise<Array<PartAnswer | NoAnswer>> {
		if (parts.length === 0) return [];
		const { runner, batchSize, connection } = this.options;
		connection.counts.writes += parts.length;
		const sizer = spread(batchSize);
		const call = { url: `${root}/$batch`, table: set, repeatable, reading: false, sequential: sharesParent(set), sizer };
		return runner.run(parts, repeatable ? call : { ...call, sendWithinMs: INSERTS_SENT_WITHIN_MS });
	}

	private part({ table, set, rows, returning }: Call, operation: RecordOperation): BatchPart {
		const row = operation.kind === 'insert' ? '' : rows.segment(operation.id)!;
		if (operation.kind === 'delete') return { method: 'DELETE', url: set.path + row, headers: { 'If-Match': operation.version } };
		const fields = ownFields(Object.keys(operation.values));
		const wire = (field: FieldName): FieldValue =>
			set.valueThere(field, wireValue(field, operation.values[field] as FieldValue | LookupValue));
		const body = Object.fromEntries(fields.map((field) => [set.there(field), wire(field)]));
		const query = queryString({ $select: selection(this.options.addresses, table, set, [...Object.keys(operation.values), ...returning]) });
		if (operation.kind === 'insert') return { method: 'POST', url: set.path + query, headers: {}, body: { ...body, ...below(operation) } };
		return { method: 'PATCH', url: set.path + row + query, headers: { 'If-Match': operation.version }, body };
	}

	private outcome({ table, set, returning }: Call, operation: RecordOperation, answer: PartAnswer | NoAnswer): WriteOutcome {
		const id = operation.kind === 'insert' ? undefined : operation.id;
		const result = writeResult(answer, operation.kind, this.options.connection.context(false, set.set, id));
		if ('outcome' in result) {
			const { outcome } = result;
			return outcome.status === 'failed' ? { status: 'failed', error: pageError(outcome.error, table, set) as SyncError } : outcome;
		}
		if (operation.kind === 'delete') return { status: 'written', record: blankRecord(operation) };
		if (result.row === null) return { status: 'unknown', error: this.noRow(table) };
		return { status: 'written', record: this.record(table, operation, set.here(result.row), returning) };
	}

	/** A change that was confirmed without the row: it is read, where its id is known. */
	private async readUntold({ table, operations, returning, outcomes }: Call): Promise<void> {
		const untold = operations.flatMap((operation, index) => {
			const outcome = outcomes[index]!;
			if (operation.kind === 'delete' || outcome.status !== 'unknown' || outcome.error.code !== 'BC_NO_ROW') return [];
			const id = operation.kind === 'update' ? operation.id : givenId(table, operation.values);
			return id === null ? [] : [{ index, id }];
		});
		if (untold.length === 0) return;
		const fields = this.wantedFields(operations, returning);
		const records = await this.options.readOwn(
			table,
			untold.map(({ id }) => id),
			fields,
		);
		for (const { index, id } of untold) {
			const record = records.get(id);
			if (record) outcomes[index] = { status: 'written', record };
		}
	}

	/** The row as it came back, with the values that join the companions. */
	private record(table: TableSource, operation: Change, row: Row, returning: readonly FieldName[]): SystemRecord {
		const fields = [...Object.keys(operation.values), ...returning];
		const joining = (table.companions ?? []).map((companion) => companion.primaryKey);
		const record = toRecord(row, table, fields);
		this.options.seen.see(table, [record]);
		return { ...record, values: { ...valuesOf(row, joining), ...record.values } };
	}

	private companionTasks(table: TableSource, operations: readonly RecordOperation[], outcomes: readonly WriteOutcome[]): CompanionTask[] {
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

	private wantedFields(operations: readonly RecordOperation[], returning: readonly FieldName[]): FieldName[] {
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

/** Rows that are created with the record. */
function below({ children }: Extract<RecordOperation, { kind: 'insert' }>): Record<string, unknown> {
	if (!children) return {};
	const wire = (row: Readonly<Record<FieldName, FieldValue>>) =>
		Object.fromEntries(Object.entries(row).map(([field, value]) => [field, wireValue(field, value)]));
	return { [children.property]: children.rows.map(wire) };
}

/** A record of which only the identity is known. */
function blankRecord(operation: Exclude<RecordOperation, { kind: 'insert' }>): SystemRecord {
	const number = operation.kind === 'update' ? operation.number : '';
	return { id: operation.id, modifiedAt: '', version: operation.version, number, name: '', values: {} };
}

/** What happens to an operation that no request could carry out. */
function withoutRequest(rows: RowAddresses, operation: RecordOperation): WriteOutcome | null {
	if (operation.kind === 'insert') return null;
	if (rows.segment(operation.id) === null) return { status: 'missing' };
	const refusal = operation.kind === 'update' ? rows.refusal(operation) : null;
	return refusal && { status: 'failed', error: refusal };
}

/** Without the fields that the address holds. */
function withoutHeld(operation: RecordOperation, held: readonly FieldName[]): RecordOperation {
	if (operation.kind !== 'update' || held.length === 0) return operation;
	return { ...operation, values: Object.fromEntries(Object.entries(operation.values).filter(([field]) => !held.includes(field))) };
}

/** Id of a row of a page whose whole key was given. */
function givenId(table: TableSource, values: Change['values']): string | null {
	const keys = (table.page?.keys ?? []).map((key) => values[key]);
	const known = keys.filter((key): key is FieldValue => key !== undefined && (key === null || typeof key !== 'object'));
	return table.page && known.length === keys.length && known.some((key) => key !== null && key !== '') ? compositeId(known) : null;
}

/** What was written is told, also when the process is to end and nothing more can be read. */
function unlessEnding(error: unknown): void {
	if (!isRunEnding(error)) throw error;
}
