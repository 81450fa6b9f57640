import type { BatchPart } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import { LEAST_READS, spread } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { readPage, type Row } from '../odata/envelope';
import { noAnswerError, serviceError, unreadableError } from '../odata/errors';
import { identified } from '../odata/identified';
import { isGuid } from '../../model/guid';
import { allOf, anyOf, encodeOption, type LiteralType, queryString } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { UnseenRows } from '../odata/unseenRows';
import type { ChangeQuery, RecordQuestion } from '../../ports/recordSystem';
import { composedColumn } from './fullName';
import { PART_HEADERS } from './partHeaders';
import { property, selection, type Shape, toRecord } from './rows';
import type { TableModel } from './tableModel';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';

/** A query takes 500 conditions, a GET inside a batch 65,536 characters, a page 5,000 rows. */
const KEY_CHUNK = { conditions: 400, characters: 30_000 };
const LARGEST_PAGE = 5_000;
const PARTS_PER_REQUEST = 50;

export class Reader {
	constructor(
		private readonly connection: Connection,
		private readonly runner: BatchRunner,
		private readonly model: TableModel,
		private readonly root: string,
	) {}

	async shape(table: TableSource, fields: readonly FieldName[]): Promise<Shape> {
		const named = [...fields, table.nameField, ...(table.numberField === null ? [] : [table.numberField])];
		const [set, primaryId, created, lookups] = await Promise.all([
			this.model.entitySet(table.name),
			this.model.primaryId(table.name),
			this.model.tellsCreation(table.name),
			this.model.lookupsAmong(table.name, named),
		]);
		return { set, primaryId, lookups, created, composed: composedColumn(table.name) };
	}

	async *changes({ table, fields, filter, since, pageSize }: ChangeQuery): AsyncGenerator<SystemRecord[]> {
		const shape = await this.shape(table, fields);
		const query = queryString({
			$select: selection(shape, table, fields),
			$filter: allOf(filter, since === null ? null : `modifiedon ge ${since}`),
			// The id makes the order unique, so that pages neither skip nor repeat rows of one second.
			$orderby: `modifiedon asc,${shape.primaryId} asc`,
		});
		const headers = { Prefer: `odata.maxpagesize=${Math.max(1, Math.min(pageSize, LARGEST_PAGE))}` };
		const unseen = new UnseenRows();
		for await (const rows of this.connection.pages(`${this.root}/${shape.set}${query}`, { table: table.name, headers })) {
			const read = rows.map((row) => toRecord(row, shape, table, fields));
			const records = unseen.of(identified(read, this.connection, table.name));
			if (records.length > 0) yield records;
		}
	}

	/** Rows whose `field` is one of `values`; a thousand ids go in one request. */
	async byValues(
		table: TableSource,
		field: FieldName | null,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter: string | null,
	): Promise<SystemRecord[]> {
		const shape = await this.shape(table, field === null ? fields : [...fields, field]);
		const name = field === null ? shape.primaryId : property(shape, field);
		const guids = field === null || field === shape.primaryId || shape.lookups.has(field);
		const limits = { ...KEY_CHUNK, characters: KEY_CHUNK.characters - encodeOption(filter ?? '').length };
		const filters = groups(values, guids).flatMap(([type, group]) => anyOf(name, group, type, 'crm', limits));
		const rows = await this.parts(
			shape,
			table,
			filters.map((any) => allOf(filter, any)),
			fields,
		);
		const read = rows.map((row) => toRecord(row, shape, table, fields));
		const records = new Map(identified(read, this.connection, table.name).map((record) => [record.id, record]));
		return [...records.values()];
	}

	/** Rows that each question selects, all questions in one `$batch`. */
	async byQuestions(table: TableSource, questions: readonly RecordQuestion[], fields: readonly FieldName[]): Promise<SystemRecord[][]> {
		const asked = questions.flatMap(({ field }) => field ?? []);
		const shape = await this.shape(table, [...fields, ...asked]);
		const filters = questions.map(({ field, values, filter }): string[] => {
			const name = field === null ? shape.primaryId : property(shape, field);
			const limits = { ...KEY_CHUNK, characters: KEY_CHUNK.characters - encodeOption(filter ?? '').length };
			const guids = field === null || shape.lookups.has(field);
			return anyOf(name, guids ? values.filter(isGuid) : values, guids ? 'guid' : 'text', 'crm', limits).map((any) => allOf(filter, any)!);
		});
		const answers = await this.answers(shape, table, filters.flat(), selection(shape, table, fields));
		let taken = 0;
		return filters.map((parts) => {
			const rows = answers.slice(taken, (taken += parts.length)).flat();
			const read = identified(
				rows.map((row) => toRecord(row, shape, table, fields)),
				this.connection,
				table.name,
			);
			return [...new Map(read.map((record) => [record.id, record])).values()];
		});
	}

	/** Those of the ids that a query shows; nothing but the id is read. */
	async idsAmong(table: TableSource, ids: readonly string[], filter: string | null = null): Promise<Set<string>> {
		const shape = await this.shape(table, []);
		const keys = anyOf(shape.primaryId, ids.filter(isGuid), 'guid', 'crm', KEY_CHUNK);
		const filters = keys.map((each) => allOf(filter, each));
		const rows = await this.rows(shape, table, filters, shape.primaryId);
		return new Set(rows.map((row) => String(row[shape.primaryId]).toLowerCase()));
	}

	private parts(shape: Shape, table: TableSource, filters: ReadonlyArray<string | null>, fields: readonly FieldName[]): Promise<Row[]> {
		return this.rows(shape, table, filters, selection(shape, table, fields));
	}

	private async rows(shape: Shape, table: TableSource, filters: ReadonlyArray<string | null>, $select: string): Promise<Row[]> {
		return (await this.answers(shape, table, filters, $select)).flat();
	}

	/** One GET for each filter, together in `$batch`; the rows of each. */
	private async answers(shape: Shape, table: TableSource, filters: ReadonlyArray<string | null>, $select: string): Promise<Row[][]> {
		if (filters.length === 0) return [];
		const path = `${new URL(this.root).pathname}/${shape.set}`;
		const parts = filters.map(($filter): BatchPart => ({
			method: 'GET',
			url: path + queryString({ $select, $filter }),
			headers: PART_HEADERS,
		}));
		const sizer = spread(PARTS_PER_REQUEST, LEAST_READS);
		const answers = await this.runner.run(parts, { url: `${this.root}/$batch`, table: table.name, repeatable: true, reading: true, sizer });
		const found: Row[][] = [];
		for (const answer of answers) {
			const context = this.connection.context(true, table.name);
			if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
			if (answer.status !== 200) throw serviceError(answer, context);
			const page = readPage(answer.body);
			if (page === null) throw unreadableError(answer, context);
			const rest = page.nextLink === null ? [] : await this.connection.all(page.nextLink, { table: table.name });
			found.push([...page.rows, ...rest]);
		}
		return found;
	}
}

/** Values by the way they are written. */
function groups(values: readonly FieldValue[], guids: boolean): Array<[LiteralType, FieldValue[]]> {
	if (guids) return [['guid', values.filter((value) => value === null || isGuid(value))]];
	const byType = new Map<LiteralType, FieldValue[]>();
	for (const value of values) {
		const type: LiteralType = typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text';
		byType.set(type, [...(byType.get(type) ?? []), value]);
	}
	return [...byType];
}
