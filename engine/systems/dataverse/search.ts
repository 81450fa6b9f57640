import type { Connection } from '../odata/connection';
import { allOf, queryString, quoted } from '../odata/literals';
import type { SearchPage } from '../../ports/recordSystem';
import { property, selection, type Shape, toRecord } from './rows';
import type { TableSource } from '../../model/record';

const PAGE = 50;

/** Rows whose number or name contains the text, ordered by name. */
export async function search(
	connection: Connection,
	root: string,
	{ shape, table, text, filter }: { shape: Shape; table: TableSource; text: string; filter: string | null },
	next?: string,
): Promise<SearchPage> {
	const trimmed = text.trim();
	const fields = [...new Set([table.nameField, ...(table.numberField === null ? [] : [table.numberField])])].filter(
		(field) => !shape.lookups.has(field),
	);
	const condition = trimmed === '' ? null : fields.map((field) => `contains(${field},${quoted(literally(trimmed))})`).join(' or ');
	const first = () =>
		`${root}/${shape.set}${queryString({
			$select: selection(shape, table, []),
			$filter: allOf(filter, condition),
			$orderby: `${property(shape, table.nameField)} asc,${shape.primaryId} asc`,
		})}`;
	const page = await connection.page(next ?? first(), { table: table.name, headers: { Prefer: `odata.maxpagesize=${PAGE}` } });
	return { records: page.rows.map((row) => toRecord(row, shape, table, [])), ...(page.nextLink === null ? {} : { next: page.nextLink }) };
}

/** `%`, `_` and `[` are wildcards inside `contains`; in brackets they stand for themselves. */
const literally = (text: string): string => text.replace(/[[%_]/g, (wildcard) => `[${wildcard}]`);
