import type { ChangeQuery, RecordSystem, SearchPage } from '../../ports/recordSystem';
import type { SideFilter } from '../filter';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';

/** Records looked at to count what a service cannot count; more than this count as "at least". */
const MOST_COUNTED = 20_000;
const PAGE = 5_000;
/** Pages of a search that are looked through for one record inside the filter. */
const MOST_PAGES = 5;

/** The fields asked for and those the filter looks at. */
export const withFilterFields = (fields: readonly FieldName[], filter: SideFilter): FieldName[] => [
	...new Set([...fields, ...filter.fields]),
];

/** Those of the records that the filter selects; to be read with `withFilterFields`. Fields of companion pages are read where they are missing. */
export async function inside(
	system: RecordSystem,
	table: TableSource,
	records: readonly SystemRecord[],
	filter: SideFilter,
): Promise<readonly SystemRecord[]> {
	if (!filter.accepts || records.length === 0) return records;
	const ofPages = filter.fields.filter((field) => field.includes('/'));
	const complete = ofPages.length > 0 ? await system.complete(table, records, ofPages) : records;
	const accepted = new Set(complete.filter(filter.accepts).map(({ id }) => id));
	return records.filter(({ id }) => accepted.has(id));
}

/** `readChanges` of the records inside the filter; pages may be empty. */
export async function* changesInside(
	system: RecordSystem,
	query: Omit<ChangeQuery, 'filter'>,
	filter: SideFilter,
): AsyncGenerator<readonly SystemRecord[]> {
	const pages = system.readChanges({ ...query, fields: withFilterFields(query.fields, filter), filter: filter.odata });
	for await (const page of pages) yield await inside(system, query.table, page, filter);
}

/** `readByIds` of the records inside the filter. */
export async function idsInside(
	system: RecordSystem,
	table: TableSource,
	ids: readonly string[],
	fields: readonly FieldName[],
	filter: SideFilter,
): Promise<Map<string, SystemRecord>> {
	const records = await system.readByIds(table, ids, withFilterFields(fields, filter), filter.odata);
	return filter.accepts ? new Map([...records].filter(([, record]) => filter.accepts!(record))) : records;
}

/** `readByValues` of the records inside the filter. */
export async function valuesInside(
	system: RecordSystem,
	table: TableSource,
	{ field, values }: { field: FieldName; values: readonly FieldValue[] },
	fields: readonly FieldName[],
	filter: SideFilter,
): Promise<SystemRecord[]> {
	const records = await system.readByValues(table, field, values, withFilterFields(fields, filter), filter.odata);
	return filter.accepts ? records.filter(filter.accepts) : records;
}

/** Number of records inside the filter. What the service cannot count is counted here, up to 20,000 records looked at: then it is "at least". */
export async function countInside(
	system: RecordSystem,
	table: TableSource,
	filter: SideFilter,
): Promise<{ count: number; atLeast: boolean }> {
	if (!filter.accepts) return await system.count(table, filter.odata);
	let read = 0;
	let count = 0;
	const query = { table, fields: [...filter.fields], filter: filter.odata, since: null, pageSize: PAGE };
	for await (const page of system.readChanges(query)) {
		count += (await inside(system, table, page, filter)).length;
		read += page.length;
		if (read >= MOST_COUNTED) return { count, atLeast: true };
	}
	return { count, atLeast: false };
}

/** Whether there is a record inside the filter: one row is read, more only where the service cannot be asked for the whole filter. */
export async function anyInside(system: RecordSystem, table: TableSource, filter: SideFilter): Promise<boolean> {
	const query = { table, fields: [], since: null, pageSize: filter.accepts ? PAGE : 1 };
	for await (const page of changesInside(system, query, filter)) if (page.length > 0) return true;
	return false;
}

/** `search` inside the filter: a page without a single record of it is passed over. */
export async function searchInside(
	system: RecordSystem,
	table: TableSource,
	text: string,
	filter: SideFilter,
	next?: string,
): Promise<SearchPage> {
	let page = await system.search(table, text, filter.odata, next);
	if (!filter.accepts) return page;
	for (let turn = 1; ; turn++) {
		const ids = page.records.map(({ id }) => id);
		const found = ids.length === 0 ? new Map() : await idsInside(system, table, ids, [], filter);
		const records = page.records.filter(({ id }) => found.has(id));
		if (records.length > 0 || page.next === undefined || turn === MOST_PAGES) return { ...page, records };
		page = await system.search(table, text, filter.odata, page.next);
	}
}
