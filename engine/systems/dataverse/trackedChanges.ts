import { z } from 'zod/v4';
import { SyncError } from '../../model/errors';
import type { TrackedPage, TrackedQuery } from '../../ports/recordSystem';
import type { Connection } from '../odata/connection';
import { continuation } from '../odata/continuation';
import { readPage, type Row } from '../odata/envelope';
import { unreadableError } from '../odata/errors';
import { queryString } from '../odata/literals';
import type { Reader } from './reader';
import { property, toRecord } from './rows';

/**
 * Change tracking of the Web API ("Use change tracking to synchronize data with external systems"): the last page of a read with this preference carries a
 * delta link, and whoever follows it gets what changed since. Query options beside `$select` are refused.
 */
const HEADERS = { Prefer: 'odata.track-changes' };

const links = z.object({ '@odata.nextLink': z.string().nullish(), '@odata.deltaLink': z.string().nullish() });

/** See `RecordSystem.readTracked`. */
export async function readTracked(
	{ connection, reader, root }: { connection: Connection; reader: Reader; root: string },
	{ table, fields, from }: TrackedQuery,
): Promise<TrackedPage> {
	const shape = await reader.shape(table, fields);
	const $select = [...new Set([shape.primaryId, 'modifiedon', ...fields.map((field) => property(shape, field))])].join(',');
	const url = from === null ? `${root}/${shape.set}${queryString({ $select })}` : continuation(connection, from, shape.set, table.name);
	const json = await connection.getJson(url, { table: table.name, headers: HEADERS });
	const rows = readPage(json)?.rows;
	const told = links.safeParse(json);
	if (!rows || !told.success) throw unreadableError({ status: 200, headers: {}, body: null }, connection.context(true, table.name));
	const { '@odata.nextLink': next, '@odata.deltaLink': delta } = told.data;
	const link = next ?? delta;
	const bare = { ...table, numberField: null };
	const records = rows.filter((row) => !isDeletion(row)).map((row) => toRecord(row, shape, bare, fields));
	if (!link || records.some(({ id, version }) => id === '' || version === '')) throw notTracked(table.name);
	return {
		records,
		deleted: rows.filter(isDeletion).map((row) => String(row['id']).toLowerCase()),
		link: continuation(connection, link, shape.set, table.name),
		more: Boolean(next),
	};
}

const isDeletion = (row: Row): boolean => row['reason'] === 'deleted' || String(row['@odata.context'] ?? '').endsWith('/$deletedEntity');

/** The service answered, but not as it does where it notes changes: without a link to go on from, or with rows that do not say in which version they are. */
const notTracked = (table: string): SyncError =>
	new SyncError({
		code: 'CRM_CHANGES_NOT_TRACKED',
		errorClass: 'setup',
		system: 'crm',
		table,
		httpStatus: 400,
		message: `Dataverse does not tell the changes of ${table}, although change tracking is on for it.`,
		hint: 'Nothing to do: changes are read by their time stamps.',
	});
