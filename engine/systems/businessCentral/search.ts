import type { Connection } from '../odata/connection';
import { SyncError } from '../../errors';
import { allOf, queryString, quoted } from '../odata/literals';
import type { SearchPage, SystemRecord, TableSource } from '../system';
import { apiAddress, type Addresses } from './address';
import { selection } from './fields';
import { toRecord } from './records';

const PAGE = 50;

/**
 * Records whose number or name contains the text. Business Central refuses `or` between different fields (OData facts §5), so number and name
 * are asked separately and put together; each keeps its own place in `next`.
 */
export async function search(
	connection: Connection,
	addresses: Addresses,
	table: TableSource,
	text: string,
	filter: string | null,
	next?: string,
): Promise<SearchPage> {
	const links = next === undefined ? firstLinks(addresses, table, text.trim(), filter) : linksOf(next);
	const pages = await Promise.all(
		links.map((link) => connection.page(link, { table: table.name, headers: { Prefer: `odata.maxpagesize=${PAGE}` } })),
	);
	const records = new Map<string, SystemRecord>();
	for (const row of pages.flatMap((page) => page.rows)) {
		const record = toRecord(row, table, []);
		if (!records.has(record.id)) records.set(record.id, record);
	}
	const following = pages.flatMap((page) => (page.nextLink === null ? [] : [page.nextLink]));
	return { records: [...records.values()], ...(following.length > 0 ? { next: JSON.stringify(following) } : {}) };
}

function firstLinks(addresses: Addresses, table: TableSource, text: string, filter: string | null): string[] {
	const { root, path, set } = apiAddress(addresses, table.name);
	const link = (condition: string | null, orderBy: string) =>
		`${root}/${path}${queryString({ $select: selection(table, set, []), $filter: allOf(filter, condition), $orderby: orderBy })}`;
	if (text === '') return [link(null, table.numberField ?? table.nameField)];
	const byName = link(containsAnyCase(table.nameField, text), table.nameField);
	if (table.numberField === null || table.numberField === table.nameField) return [byName];
	return [link(`contains(${table.numberField},${quoted(text.toUpperCase())})`, table.numberField), byName];
}

/** Text is compared with regard to case; functions cannot be nested without a newer schema version, so the usual spellings are asked for. */
function containsAnyCase(field: string, text: string): string {
	const titled = text.replace(/(^|\s)\p{L}/gu, (letter) => letter.toUpperCase());
	const spellings = new Set([text, text.toLowerCase(), text.toUpperCase(), titled]);
	return [...spellings].map((spelling) => `contains(${field},${quoted(spelling)})`).join(' or ');
}

function linksOf(next: string): string[] {
	try {
		const links: unknown = JSON.parse(next);
		if (Array.isArray(links) && links.every((link) => typeof link === 'string')) return links;
	} catch {
		// Falls through to the error.
	}
	throw new SyncError({
		code: 'BC_SEARCH_PLACE',
		errorClass: 'setup',
		system: 'businessCentral',
		message: 'The place to continue the search from cannot be read.',
		hint: 'Start the search again.',
	});
}
