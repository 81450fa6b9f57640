import { z } from 'zod/v4';
import { SyncError } from '../../model/errors';
import type { TrackedPage, TrackedQuery } from '../../ports/recordSystem';
import { isGuid } from '../../model/guid';
import type { BatchPart } from '../odata/batch';
import type { BatchRunner } from '../odata/batchRunner';
import { fixedSize } from '../odata/batchSize';
import type { Connection } from '../odata/connection';
import { continuation } from '../odata/continuation';
import { readPage, type Row } from '../odata/envelope';
import { noAnswerError, unreadableError } from '../odata/errors';
import { identified } from '../odata/identified';
import { anyOf, queryString } from '../odata/literals';
import { NoAnswer } from '../odata/transport';
import { PART_HEADERS } from './partHeaders';
import type { Reader } from './reader';
import { property, toRecord } from './rows';

/**
 * Change tracking of the Web API ("Use change tracking to synchronize data with external systems"): the last page of a read with this preference carries a
 * delta link, and whoever follows it gets what changed since. Query options beside `$select` are refused.
 */
const HEADERS = { Prefer: 'odata.track-changes' };

const links = z.object({ '@odata.nextLink': z.string().nullish(), '@odata.deltaLink': z.string().nullish() });

interface Tools {
	connection: Connection;
	runner: BatchRunner;
	reader: Reader;
	root: string;
}

/** See `RecordSystem.readTracked`. */
export async function readTracked(tools: Tools, { table, fields, from, shown: wanted = [] }: TrackedQuery): Promise<TrackedPage> {
	const { connection, reader, root } = tools;
	const shape = await reader.shape(table, fields);
	const $select = [...new Set([shape.primaryId, 'modifiedon', ...fields.map((field) => property(shape, field))])].join(',');
	const set = `${root}/${shape.set}`;
	const url = from === null ? set + queryString({ $select }) : continuation(connection, from, shape.set, table.name);
	const ids = wanted.filter(isGuid);
	const $filter = anyOf(shape.primaryId, ids, 'guid', 'crm', { conditions: ids.length, characters: 30_000 })[0] ?? null;
	const both = ids.length === 0 ? null : await together(tools, table.name, [url, set + queryString({ $select, $filter })]);
	const [json, seen] = both ?? [await connection.getJson(url, { table: table.name, headers: HEADERS }), undefined];
	const rows = readPage(json)?.rows;
	const told = links.safeParse(json);
	if (!rows || !told.success) throw unreadableError({ status: 200, headers: {}, body: null }, connection.context(true, table.name));
	const { '@odata.nextLink': next, '@odata.deltaLink': delta } = told.data;
	const link = next ?? delta;
	const bare = { ...table, numberField: null };
	const recordsOf = (some: readonly Row[]) => some.map((row) => toRecord(row, shape, bare, fields));
	const records = recordsOf(rows.filter((row) => !isDeletion(row)));
	if (!link || records.some(({ id, version }) => id === '' || version === '')) throw notTracked(table.name);
	return {
		records,
		shown: identified(recordsOf(readPage(seen)?.rows ?? []), connection, table.name),
		deleted: rows.filter(isDeletion).map((row) => String(row['id']).toLowerCase()),
		link: continuation(connection, link, shape.set, table.name),
		more: Boolean(next),
	};
}

/**
 * What was noted, and rows as they are now, in one request; null where the service has something against it, so that the link by itself tells whether it
 * leads anywhere.
 */
async function together(
	{ connection, runner, root }: Tools,
	table: string,
	urls: readonly [string, string],
): Promise<[unknown, unknown] | null> {
	const parts = urls.map((url, index): BatchPart => {
		const { pathname, search } = new URL(url);
		return { method: 'GET', url: pathname + search, headers: index === 0 ? { ...PART_HEADERS, ...HEADERS } : PART_HEADERS };
	});
	const sizer = fixedSize(parts.length);
	const answers = await runner.run(parts, { url: `${root}/$batch`, table, repeatable: true, reading: true, sizer });
	const [noted, seen] = answers.map((answer) => {
		const context = connection.context(true, table);
		if (answer instanceof NoAnswer) throw noAnswerError(answer, context);
		return answer;
	});
	return noted?.status === 200 && seen?.status === 200 ? [noted.body, seen.body] : null;
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
