import type { VersionPage, VersionQuery } from '../../ports/recordSystem';
import type { Connection } from '../odata/connection';
import { continuation } from '../odata/continuation';
import { unreadableError } from '../odata/errors';
import { identified } from '../odata/identified';
import { queryString } from '../odata/literals';
import type { Addresses } from './address';
import { ownFields } from './fields';
import { pageError } from './pageErrors';
import { primarySet } from './primary';
import { toRecord } from './records';

/** A page of the service holds 20,000 rows at most ("Server-driven paging in OData web services"). */
const HEADERS = { Prefer: 'odata.maxpagesize=20000' };

/** See `RecordSystem.readVersions`. Without an order of its own a query pages by the primary key of the table. */
export async function readVersions(
	connection: Connection,
	addresses: Addresses,
	{ table, fields, filter, from }: VersionQuery,
): Promise<VersionPage> {
	const primary = primarySet(addresses, table);
	const { root, path, set, stamped } = primary;
	const wanted = [...(table.extension?.keys ?? []), ...ownFields(fields)].map((field) => primary.there(field));
	const $select = [...new Set(['id', ...(stamped ? ['lastModifiedDateTime'] : []), ...wanted])].join(',');
	const url =
		from === null
			? `${root}/${path}${queryString({ $select, $filter: primary.textThere(filter) })}`
			: continuation(connection, from, set, table.name);
	try {
		const { rows, nextLink } = await connection.page(url, { table: set, headers: HEADERS });
		if (nextLink === url) throw unreadableError({ status: 200, headers: {}, body: null }, connection.context(true, set));
		const bare = { ...table, numberField: null };
		const records = rows.map((row) => toRecord(primary.here(row), bare, ownFields(fields)));
		return { records: identified(records, connection, set), next: nextLink && continuation(connection, nextLink, set, table.name) };
	} catch (error) {
		throw pageError(error, table, primary);
	}
}
