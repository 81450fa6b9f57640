import { randomUUID } from 'node:crypto';
import { breather } from '../../ports/breath';
import { SyncError } from '../../model/errors';
import type { BatchPart, PartAnswer } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import type { BatchSizer } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { readRow } from '../odata/envelope';
import { noAnswerError, serviceError, serviceText, unreadableError } from '../odata/errors';
import { queryString } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { splitName } from './fullName';
import { parentOf } from './parents';
import { PART_HEADERS } from './partHeaders';
import type { Reader } from './reader';
import { selection, type Shape, toRecord } from './rows';
import { ofReference } from './ofReference';
import { speaksOf } from './speaksOf';
import type { TableModel } from './tableModel';
import type { FieldName, FieldValue, LookupValue, TableSource } from '../../model/record';
import type { RecordOperation, WriteOutcome } from '../../ports/write';

/** Operations of one table, ready to be sent, and how their answers are read. */
export interface PreparedOperations {
	parts: BatchPart[];
	outcome(index: number, answer: PartAnswer | NoAnswer): WriteOutcome;
}

interface Prepared {
	operation: RecordOperation;
	id: string;
	part: BatchPart;
}

/**
 * Writes rows in multipart batches without change sets: each part carries its own condition, so each answers for itself and may be sent
 * twice. An insert names its id and asks that the row be new; an update and a delete ask that the row still has the version they were
 * decided on ("Perform conditional operations using the Web API").
 */
export class Writer {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly tables: { reader: Reader; model: TableModel },
		private readonly root: string,
		private readonly sizer: BatchSizer,
	) {}

	/** `returning`: columns wanted back beside those written. */
	async write(table: TableSource, operations: readonly RecordOperation[], returning: readonly FieldName[]): Promise<WriteOutcome[]> {
		if (operations.length === 0) return [];
		const { parts, outcome } = await this.prepared(table, operations, returning);
		this.connection.counts.writes += parts.length;
		const call = { url: `${this.root}/$batch`, table: table.name, repeatable: true, reading: false, sizer: this.sizer };
		const answers = await this.runner.run(parts, call);
		const outcomes: WriteOutcome[] = [];
		const breathe = breather();
		for (const [index, answer] of answers.entries()) {
			await breathe();
			outcomes.push(outcome(index, answer));
		}
		return outcomes;
	}

	/** The operations as parts of a batch, for one that holds more than these. */
	async prepared(table: TableSource, operations: readonly RecordOperation[], returning: readonly FieldName[]): Promise<PreparedOperations> {
		const written = operations.flatMap((operation) => (operation.kind === 'delete' ? [] : Object.keys(operation.values)));
		const fields = [...new Set([...written, ...returning])];
		const shape = await this.tables.reader.shape(table, fields);
		const path = `${new URL(this.root).pathname}/${shape.set}`;
		// All rows tell all fields back, so that the query is written once for the call.
		const query = queryString({ $select: selection(shape, table, fields) });
		const prepared: Prepared[] = [];
		const breathe = breather();
		for (const operation of operations) {
			await breathe();
			prepared.push(await this.prepare(table, shape, operation, path, query));
		}
		return {
			parts: prepared.map(({ part }) => part),
			outcome: (index, answer) => this.outcome(table, shape, prepared[index]!, answer, fields),
		};
	}

	private async prepare(table: TableSource, shape: Shape, operation: RecordOperation, path: string, query: string): Promise<Prepared> {
		const id = (operation.id ?? randomUUID()).toLowerCase();
		const url = `${path}(${id})`;
		if (operation.kind === 'delete') {
			return {
				operation,
				id,
				part: { method: 'DELETE', url, headers: { ...PART_HEADERS, 'If-Match': operation.version }, rowId: id },
			};
		}
		const condition: Record<string, string> = operation.kind === 'insert' ? { 'If-None-Match': '*' } : { 'If-Match': operation.version };
		const headers = { ...PART_HEADERS, ...condition, ...asking(table), Prefer: 'return=representation' };
		const body = await this.body(table, shape, operation.values);
		const parent = parentOf(table.name, operation.values);
		return { operation, id, part: { method: 'PATCH', url: url + query, headers, body, rowId: id, ...parent } };
	}

	private async body(
		table: TableSource,
		shape: Shape,
		values: Readonly<Record<FieldName, FieldValue | LookupValue>>,
	): Promise<Record<string, FieldValue>> {
		const body: Record<string, FieldValue> = {};
		for (const [field, value] of Object.entries(values)) {
			if (value !== null && typeof value === 'object') {
				body[`${await this.tables.model.navigation(table.name, field, value.table)}@odata.bind`] = await this.tables.model.bindPath(value);
			} else if (field === shape.composed) {
				// Parts that are given beside the whole name win.
				for (const [part, text] of Object.entries(splitName(value))) if (values[part] === undefined) body[part] = text;
			} else if (!shape.lookups.has(field)) body[field] = value;
			else if (value === null || value === '') body[`${await this.tables.model.navigation(table.name, field, null)}@odata.bind`] = null;
			else throw lookupWithoutTable(table.name, field);
		}
		return body;
	}

	private outcome(
		table: TableSource,
		shape: Shape,
		{ operation, id }: Prepared,
		answer: PartAnswer | NoAnswer,
		fields: readonly FieldName[],
	): WriteOutcome {
		const context = this.connection.context(false, table.name, id);
		if (answer instanceof NoAnswer) return { status: answer.delivered ? 'unknown' : 'failed', error: noAnswerError(answer, context) };
		if (answer.status >= 200 && answer.status < 300) {
			if (operation.kind === 'delete')
				return { status: 'written', record: { id, modifiedAt: '', version: operation.version, number: '', name: '', values: {} } };
			const row = readRow(answer.body);
			if (row === null) return { status: 'unknown', error: unreadableError(answer, context) };
			return { status: 'written', record: toRecord(row, shape, table, fields) };
		}
		const { code } = serviceText(answer.body);
		const error = serviceError(answer, context);
		// 412 stands for several things; a violated alternate key or duplicate rule is the record's own trouble.
		if (answer.status === 412 && error.code === 'CRM_STALE') return { status: operation.kind === 'insert' ? 'exists' : 'stale' };
		if (/^0x80040237$/i.test(code) && operation.kind === 'insert') return { status: 'exists' };
		if (answer.status === 404 && operation.kind !== 'insert' && error.code === 'CRM_NOT_FOUND' && speaksOf(answer, id))
			return { status: 'missing', error };
		const named = operation.kind === 'delete' ? null : ofReference(error, operation.values);
		return { status: 'failed', error: named ?? error };
	}
}

/** Unless it is asked for, the service looks for no duplicates ("Detect duplicate data using the Web API", learn.microsoft.com). */
const asking = ({ askDuplicateRules }: TableSource): Record<string, string> =>
	askDuplicateRules ? { 'MSCRM.SuppressDuplicateDetection': 'false' } : {};

function lookupWithoutTable(table: string, field: string): SyncError {
	return new SyncError({
		code: 'CRM_LOOKUP_VALUE',
		errorClass: 'data',
		system: 'crm',
		table,
		field,
		message: `The column ${field} of ${table} is a lookup and cannot take a plain value.`,
		hint: 'Map it as a lookup, so that the record of Business Central is translated into the coupled row.',
	});
}
