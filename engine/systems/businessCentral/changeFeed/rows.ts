import { breather } from '../../../ports/breath';
import type { Row } from '../../odata/envelope';
import type { FeedAnswer, FeedClient, FeedRecord } from './client';
import { FeedRefused } from './errors';
import { guidOf, valueOf } from './fieldTypes';
import type { FeedTable } from './tables';

/** "clamp": the service shows 1,000 records at a time at most. */
const PAGE = 1_000;
/** Single records of one question: the service makes a filter of their ids. */
const IDS = 100;
/** Answers without a record in a row: a feed that says there is more and never shows it. */
const MOST_EMPTY = 100;

/** Numbers of the fields that rows are made of. */
const numbersOf = ({ fields, only }: FeedTable): number[] => {
	const numbers = [...fields.values()].flatMap(({ no }) => (no === null ? [] : [no]));
	return [...new Set([...numbers, ...(only ? [only.fieldNo] : [])])];
};

/** Fields of the table that the environment does not have are left out of a question, for one of them stops the whole answer. */
const asked = (feed: FeedTable, unavailable: ReadonlySet<number>): number[] => numbersOf(feed).filter((no) => !unavailable.has(no));

/**
 * All rows of a table, part by part, with the names of the published page, `id` (the SystemId) and a version made of the moment of the last change. A row
 * that is changed meanwhile comes once more. Throws SyncError; FeedRefused where the feed does not serve the table any more.
 */
export async function* allRows(client: FeedClient, feed: FeedTable, unavailable: ReadonlySet<number>): AsyncGenerator<Row[]> {
	const fieldNos = asked(feed, unavailable);
	let selector: Readonly<Record<string, unknown>> = {};
	for (let empty = 0; ;) {
		const answer: FeedAnswer = await client.records({ tableNo: feed.tableNo, fieldNos, selector, pageSize: PAGE });
		yield* rowsOf(client, feed, answer);
		if (answer.hasMore !== true) return;
		empty = answer.records?.length ? 0 : empty + 1;
		const next = answer.nextCursor;
		// The same place again, or none: what is left could not be told from the end.
		if (!next || JSON.stringify(next) === JSON.stringify(selector) || empty > MOST_EMPTY) throw client.unreadable();
		selector = next;
	}
}

/** Rows with these SystemIds, as far as they are there. */
export async function rowsWithIds(
	client: FeedClient,
	feed: FeedTable,
	ids: readonly string[],
	unavailable: ReadonlySet<number>,
): Promise<Row[]> {
	const rows: Row[] = [];
	const fieldNos = asked(feed, unavailable);
	for (let first = 0; first < ids.length; first += IDS) {
		const systemIds = ids.slice(first, first + IDS).map((id) => `{${id.toUpperCase()}}`);
		const answer = await client.records({ tableNo: feed.tableNo, fieldNos, selector: { systemIds }, pageSize: PAGE });
		for await (const part of rowsOf(client, feed, answer)) rows.push(...part);
	}
	return rows;
}

/** Whether the feed serves the table: the fields it does not have, or why it does not. Reads no record. */
export async function probe(client: FeedClient, feed: FeedTable): Promise<ReadonlySet<number>> {
	// After the end of time there is nothing.
	const question = { tableNo: feed.tableNo, selector: { modifiedAt: '9999-12-31T00:00:00Z' }, pageSize: 1 };
	const all = numbersOf(feed);
	const first = await client.records({ ...question, fieldNos: all });
	const missing = new Set(first.unavailableFields ?? []);
	if (missing.size === 0) {
		refuse(first);
		return missing;
	}
	const rest = all.filter((no) => !missing.has(no));
	refuse(await client.records({ ...question, fieldNos: rest }));
	return missing;
}

function refuse({ consentRequired, tableAvailable, indexed, unavailableFields }: FeedAnswer): void {
	if (consentRequired) throw new FeedRefused('consent');
	if (tableAvailable === false || unavailableFields?.length) throw new FeedRefused('table');
	if (indexed === false) throw new FeedRefused('size');
}

async function* rowsOf(client: FeedClient, feed: FeedTable, answer: FeedAnswer): AsyncGenerator<Row[]> {
	refuse(answer);
	// An answer without records, and without a word why, says nothing about the table.
	if (!answer.records) throw client.unreadable();
	const breathe = breather();
	const rows: Row[] = [];
	for (const record of answer.records) {
		const row = rowOf(feed, record);
		if (row === undefined) throw client.unreadable();
		if (row !== null) rows.push(row);
		await breathe();
	}
	if (rows.length > 0) yield rows;
}

/** Null for a row that the page does not show; undefined for what is no record. */
function rowOf({ fields, only, workedOut }: FeedTable, { systemId, systemModifiedAt, fields: sent }: FeedRecord): Row | null | undefined {
	const id = typeof systemId === 'string' ? guidOf(systemId) : null;
	const at = typeof systemModifiedAt === 'string' ? Date.parse(systemModifiedAt) : NaN;
	if (id === null || Number.isNaN(at) || typeof sent !== 'object' || sent === null) return undefined;
	const values = sent as Readonly<Record<string, unknown>>;
	const kind = only ? values[String(only.fieldNo)] : undefined;
	// A release without the field shows rows of all kinds on its pages, too.
	if (only && kind !== undefined && !only.values.includes(String(kind))) return null;
	const stamp = new Date(at).toISOString();
	const row: Row = { id, lastModifiedDateTime: stamp, '@odata.etag': `change feed ${stamp}` };
	for (const [property, field] of fields) {
		const value = field.no === null ? id : valueOf(field, values[String(field.no)]);
		if (value !== undefined) row[property] = value;
	}
	for (const [property, make] of Object.entries(workedOut)) row[property] = make(row);
	return row;
}
