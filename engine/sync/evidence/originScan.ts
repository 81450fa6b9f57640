import { breather } from '../../ports/breath';
import type { TableMapping } from '../../model/tableMapping';
import type { SystemRecord } from '../../model/record';
import type { SyncSession } from '../../ports/session';
import { derivedId } from '../../model/derivedId';

/** The largest page of Business Central: one request for so many records. */
const PAGE = 20_000;
/** Rows that people parted from their record before are few. */
const GENERATIONS = 3;

/** Ids a CRM row made for the record would have. */
export const rowsOf = (session: SyncSession, { name }: TableMapping, bcId: string, first = 0): string[] =>
	Array.from({ length: GENERATIONS }, (_, index) =>
		derivedId({ companyId: session.companyId, mapping: name, bcId, generation: first + index }),
	);

/** The same for many, so that n8n's event loop gets its turns: each id is a hash. */
export async function rowsOfEach<Item>(items: readonly Item[], rows: (item: Item) => string[]): Promise<Map<Item, string[]>> {
	const breathe = breather();
	const ids = new Map<Item, string[]>();
	for (const item of items) {
		await breathe();
		ids.set(item, rows(item));
	}
	return ids;
}

/**
 * Ids that rows have which were made for the record while it was known by its key; none where it still is. Weaker than those of `rowsOf`: the key may have
 * been another record's then.
 */
export const rowsOfKey = (session: SyncSession, mapping: TableMapping, { id, key }: SystemRecord): string[] =>
	key === undefined || key === id ? [] : rowsOf(session, mapping, key);

/**
 * Which records of Business Central rows were made for, by the id of the row. A row's id cannot be turned back, so the ids of the table are gone
 * through, as far as needed: one request for 20,000 records. For rows whose record nothing else tells.
 */
export async function recordsOfRows(
	session: SyncSession,
	mapping: TableMapping,
	rowIds: readonly string[],
	checkpoint: () => Promise<void>,
): Promise<Map<string, string>> {
	const wanted = new Set(rowIds);
	const found = new Map<string, string>();
	if (wanted.size === 0) return found;
	const query = { table: mapping.bc, fields: [], filter: null, since: null, pageSize: PAGE };
	const breathe = breather();
	for await (const page of session.businessCentral.readChanges(query)) {
		await checkpoint();
		for (const record of page) {
			await breathe();
			for (const rowId of [...rowsOfKey(session, mapping, record), ...rowsOf(session, mapping, record.id)])
				if (wanted.has(rowId)) found.set(rowId, record.id);
		}
		if (found.size === wanted.size) break;
	}
	return found;
}
