import { upperCase } from '../../model/upperCase';
import { z } from 'zod/v4';
import type { Connection } from '../odata/connection';
import { SyncError } from '../../model/errors';
import { allOf, queryString, quoted } from '../odata/literals';
import type { SearchPage } from '../../ports/recordSystem';
import type { Addresses } from './address';
import { selection } from './fields';
import { pageError } from './pageErrors';
import { type PrimarySet, primarySets } from './primary';
import { toRecord } from './records';
import type { SystemRecord, TableSource } from '../../model/record';

const PAGE = 50;

/** Where a search goes on: the place of the set among those of the table, and the address. */
type Place = [set: number, link: string];

/**
 * Records whose number or name contains the text. Business Central refuses `or` between different fields, so number and name
 * are asked separately and put together; each keeps its own place in `next`.
 */
export async function search(connection: Connection, addresses: Addresses, asked: Asked, next?: string): Promise<SearchPage> {
	const { table } = asked;
	const sets = primarySets(addresses, table);
	const places =
		next === undefined
			? sets.flatMap((set, index) => firstLinks(addresses, asked, set).map((link): Place => [index, link]))
			: placesOf(next);
	const pages = await Promise.all(
		places.map(async ([index, link]) => {
			const set = sets[index] ?? sets[0]!;
			const headers = { Prefer: `odata.maxpagesize=${PAGE}` };
			try {
				const { rows, nextLink } = await connection.page(link, { table: set.set, headers });
				return { index, nextLink, records: rows.map((row) => toRecord(set.here(row), table, [])) };
			} catch (error) {
				throw pageError(error, table, set);
			}
		}),
	);
	const records = new Map<string, SystemRecord>();
	for (const record of pages.flatMap((page) => page.records)) if (!records.has(record.id)) records.set(record.id, record);
	const following = pages.flatMap(({ index, nextLink }): Place[] => (nextLink === null ? [] : [[index, nextLink]]));
	return { records: [...records.values()], ...(following.length > 0 ? { next: JSON.stringify(following) } : {}) };
}

interface Asked {
	table: TableSource;
	/** The number field holds a whole number. */
	numeric: boolean;
	text: string;
	filter: string | null;
}

function firstLinks(addresses: Addresses, { table, numeric, text, filter }: Asked, set: PrimarySet): string[] {
	const link = (condition: string | null, orderBy: string) => {
		const $filter = set.textThere(allOf(filter, condition));
		return `${set.root}/${set.path}${queryString({ $select: selection(addresses, table, set, []), $filter, $orderby: set.there(orderBy) })}`;
	};
	if (text === '') return [link(null, table.numberField ?? table.nameField)];
	const byName = link(containsAnyCase(table.nameField, text), table.nameField);
	if (table.numberField === null || table.numberField === table.nameField) return [byName];
	const byNumber = numeric
		? /^\d{1,9}$/.test(text) && `${table.numberField} eq ${text}`
		: `contains(${table.numberField},${quoted(upperCase(text))})`;
	return byNumber ? [link(byNumber, table.numberField), byName] : [byName];
}

/** Text is compared with regard to case; functions cannot be nested without a newer schema version, so the usual spellings are asked for. */
function containsAnyCase(field: string, text: string): string {
	const titled = text.replace(/(^|\s)\p{L}/gu, (letter) => letter.toUpperCase());
	const spellings = new Set([text, text.toLowerCase(), text.toUpperCase(), titled]);
	return [...spellings].map((spelling) => `contains(${field},${quoted(spelling)})`).join(' or ');
}

function placesOf(next: string): Place[] {
	try {
		const places = z.array(z.tuple([z.number().int().nonnegative(), z.string()])).safeParse(JSON.parse(next));
		if (places.success) return places.data;
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
