import type { VersionPage, VersionQuery } from '../../ports/recordSystem';
import type { Connection } from '../odata/connection';
import { continuation } from '../odata/continuation';
import { unreadableError } from '../odata/errors';
import { identified } from '../odata/identified';
import { queryString } from '../odata/literals';
import type { Reader } from './reader';
import { property, toRecord } from './rows';

/** 5,000 rows are the largest page of the service ("Query data using the Web API", page results). */
const HEADERS = { Prefer: 'odata.maxpagesize=5000' };

/** See `RecordSystem.readVersions`. Without an order of its own a query pages by the row's id. */
export async function readVersions(
	{ connection, reader, root }: { connection: Connection; reader: Reader; root: string },
	{ table, fields, filter, from }: VersionQuery,
): Promise<VersionPage> {
	const shape = await reader.shape(table, fields);
	const $select = [...new Set([shape.primaryId, 'modifiedon', ...fields.map((field) => property(shape, field))])].join(',');
	const first = `${root}/${shape.set}${queryString({ $select, $filter: filter })}`;
	const url = from === null ? first : continuation(connection, from, shape.set, table.name);
	const { rows, nextLink } = await connection.page(url, { table: table.name, headers: HEADERS });
	if (nextLink === url) throw unreadableError({ status: 200, headers: {}, body: null }, connection.context(true, table.name));
	const bare = { ...table, numberField: null };
	const records = rows.map((row) => toRecord(row, shape, bare, fields));
	return {
		records: identified(records, connection, table.name),
		next: nextLink && continuation(connection, nextLink, shape.set, table.name),
	};
}
