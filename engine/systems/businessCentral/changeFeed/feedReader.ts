import { upperCase } from '../../../model/upperCase';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../../model/record';
import type { ChangeQuery, RecordQuestion, SearchPage } from '../../../ports/recordSystem';
import type { Row } from '../../odata/envelope';
import { selects, textOf } from '../../../model/filterText';
import { UnseenRows } from '../../odata/unseenRows';
import type { Addresses } from '../address';
import { ownFields } from '../fields';
import { fieldValue, recordId, toRecord } from '../records';
import type { FeedClient } from './client';
import { feedFilter, FeedRefused } from './errors';
import { unavailableIn } from './offer';
import { allRows } from './rows';
import { feedNameOf, feedTableOf } from './serves';

/** Records of one page of a search. */
const FOUND = 50;

/**
 * Reads a table through the change feed, with the names and keys of the published page it stands for. The feed selects by SystemId and time only, so that
 * every question reads the table once from the beginning, whatever it asks for: one request for each 1,000 records.
 */
export class FeedReader {
	constructor(
		private readonly client: FeedClient,
		private readonly addresses: Addresses,
	) {}

	async *changes({ table, fields, filter }: ChangeQuery): AsyncGenerator<SystemRecord[]> {
		const unseen = new UnseenRows();
		for await (const rows of this.rows(table, filter)) {
			const records = unseen.of(rows.map((row) => recordOf(table, row, fields)));
			if (records.length > 0) yield records;
		}
	}

	async byIds(
		table: TableSource,
		ids: readonly string[],
		fields: readonly FieldName[],
		filter: string | null = null,
	): Promise<Map<string, SystemRecord>> {
		const [found = []] = await this.byQuestions(table, [{ field: null, values: ids, filter }], fields);
		return new Map(found.map((record) => [record.id, record]));
	}

	async byQuestions(table: TableSource, questions: readonly RecordQuestion[], fields: readonly FieldName[]): Promise<SystemRecord[][]> {
		const wanted = questions.map(({ values }) => new Set(values.map(textOf)));
		const found = questions.map(() => new Map<string, SystemRecord>());
		if (questions.every(({ values }) => values.length === 0)) return questions.map(() => []);
		for await (const rows of this.rows(table, null)) {
			for (const row of rows) {
				const id = recordId(row, table);
				for (const [index, { field, filter }] of questions.entries()) {
					// A record that was changed meanwhile comes once more, as it is then.
					found[index]!.delete(id);
					const isAsked = field === null ? wanted[index]!.has(id) : wanted[index]!.has(textOf(fieldValue(row[field])));
					if (isAsked && this.isSelected(table, row, filter)) found[index]!.set(id, recordOf(table, row, fields));
				}
			}
		}
		return found.map((records) => [...records.values()]);
	}

	async byValues(
		table: TableSource,
		field: FieldName,
		values: readonly FieldValue[],
		fields: readonly FieldName[],
		filter: string | null,
	): Promise<SystemRecord[]> {
		const [found = []] = await this.byQuestions(table, [{ field, values: values.map((value) => String(value ?? '')), filter }], fields);
		return found;
	}

	async idsAmong(table: TableSource, ids: readonly string[], filter: string | null = null): Promise<Set<string>> {
		return new Set((await this.byIds(table, ids, [], filter)).keys());
	}

	async count(table: TableSource, filter: string | null): Promise<number> {
		let count = 0;
		for await (const rows of this.rows(table, filter)) count += rows.length;
		return count;
	}

	/** `next`: how many were shown before. */
	async search(table: TableSource, text: string, filter: string | null, next = '0'): Promise<SearchPage> {
		const part = upperCase(text);
		const from = /^\d{1,9}$/.test(next) ? Number(next) : 0;
		const records: SystemRecord[] = [];
		let met = 0;
		for await (const rows of this.rows(table, filter)) {
			for (const row of rows) {
				const record = recordOf(table, row, []);
				if (!upperCase(record.number).includes(part) && !upperCase(record.name).includes(part)) continue;
				if (met++ < from) continue;
				if (records.length === FOUND) return { records, next: String(from + FOUND) };
				records.push(record);
			}
		}
		return { records };
	}

	private async *rows(table: TableSource, filter: string | null): AsyncGenerator<Row[]> {
		const feed = feedTableOf(this.addresses, table);
		// Refused since it was chosen.
		if (!feed) throw new FeedRefused('table');
		for await (const rows of allRows(this.client, feed, unavailableIn(this.addresses.feed, feedNameOf(this.addresses, table)!))) {
			const selected = filter === null ? rows : rows.filter((row) => this.isSelected(table, row, filter));
			if (selected.length > 0) yield selected;
		}
	}

	private isSelected(table: TableSource, row: Row, filter: string | null): boolean {
		const verdict = selects(filter, (field) => (row[field] === undefined ? undefined : fieldValue(row[field])));
		if (verdict === undefined) throw feedFilter(table.name);
		return verdict;
	}
}

const recordOf = (table: TableSource, row: Row, fields: readonly FieldName[]): SystemRecord => toRecord(row, table, ownFields(fields));
