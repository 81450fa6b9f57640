import { type Selectable, sql, type SqlBool } from 'kysely';
import type { ErrorClass } from '../../model/errors';
import { chunksOf } from '../../model/chunks';
import { decodeNext, readPage } from '../paging';
import type { LogEntryTable } from '../schema';
import type { Scope } from '../scope';
import { stampMs } from '../stamps';
import type { PassDirection } from '../../model/direction';
import type { LogEntry, LogField, LogRecordRef } from '../../model/logEntry';
import type { LogQuery, Page } from '../../ports/storeQueries';

type EntryKey = [atMs: number, seq: number];

const entryFromRow = (row: Selectable<LogEntryTable>): LogEntry => ({
	jobId: row.job_id,
	mapping: row.mapping,
	direction: row.direction as PassDirection | null,
	kind: row.kind as LogEntry['kind'],
	errorClass: row.error_class as ErrorClass | null,
	code: row.code,
	message: row.message,
	hint: row.hint,
	// The column names the record as it is known today.
	businessCentral: row.business_central === null ? null : ({ ...JSON.parse(row.business_central), id: row.bc_id ?? '' } as LogRecordRef),
	crm: row.crm === null ? null : (JSON.parse(row.crm) as LogRecordRef),
	fields: JSON.parse(row.fields) as LogField[],
	attempts: row.attempts,
	skipped: row.skipped === 1,
	at: row.at,
});

export async function addLogEntries({ db, connectionKey }: Scope, entries: readonly LogEntry[]): Promise<void> {
	for (const chunk of chunksOf(entries)) {
		await db
			.insertInto('log_entry')
			.values(
				chunk.map((entry) => ({
					connection_key: connectionKey,
					job_id: entry.jobId,
					mapping: entry.mapping,
					direction: entry.direction,
					kind: entry.kind,
					error_class: entry.errorClass,
					code: entry.code,
					message: entry.message,
					hint: entry.hint,
					bc_id: entry.businessCentral?.id ?? null,
					business_central: entry.businessCentral && JSON.stringify(entry.businessCentral),
					crm_id: entry.crm?.id ?? null,
					crm: entry.crm && JSON.stringify(entry.crm),
					fields: JSON.stringify(entry.fields),
					attempts: entry.attempts,
					skipped: entry.skipped ? 1 : 0,
					at: entry.at,
					at_ms: stampMs(entry.at),
				})),
			)
			.execute();
	}
}

/** Newest first. `status` selects the entries of jobs that have it. */
export async function listLogEntries(scope: Scope, query: LogQuery): Promise<Page<LogEntry>> {
	const after = decodeNext<EntryKey>(query.next, ['number', 'number']);
	const page = await readPage<EntryKey, Selectable<LogEntryTable>>(
		{
			sliceEnd: async (from) => {
				const row = await inOrder(scope, query, from, undefined)
					.select(['at_ms', 'seq'])
					.offset(scope.scanSlice - 1)
					.limit(1)
					.executeTakeFirst();
				return row && [row.at_ms, row.seq];
			},
			read: (from, upTo, limit) => matching(scope, query, from, upTo).selectAll('log_entry').limit(limit).execute(),
			keyOf: (row) => [row.at_ms, row.seq],
		},
		{ after, limit: query.limit, sliced: Number.isFinite(scope.scanSlice) && query.jobId === undefined && query.recordId === undefined },
	);
	return { ...page, rows: page.rows.map(entryFromRow) };
}

/** What an index answers: connection, mapping, period, position. */
function inOrder({ db, connectionKey }: Scope, query: LogQuery, after: EntryKey | undefined, upTo: EntryKey | undefined) {
	let entries = db
		.selectFrom('log_entry')
		.where('log_entry.connection_key', '=', connectionKey)
		.orderBy('at_ms', 'desc')
		.orderBy('seq', 'desc');
	if (query.mapping !== undefined) entries = entries.where('log_entry.mapping', '=', query.mapping);
	if (query.from !== undefined) entries = entries.where('at_ms', '>=', stampMs(query.from));
	if (query.to !== undefined) entries = entries.where('at_ms', '<=', stampMs(query.to));
	if (after !== undefined) entries = entries.where(sql<boolean>`(at_ms, seq) < (${after[0]}, ${after[1]})`);
	if (upTo !== undefined) entries = entries.where(sql<boolean>`(at_ms, seq) >= (${upTo[0]}, ${upTo[1]})`);
	return entries;
}

function matching(scope: Scope, query: LogQuery, after: EntryKey | undefined, upTo: EntryKey | undefined) {
	let entries = inOrder(scope, query, after, upTo);
	if (query.jobId !== undefined) entries = entries.where('job_id', '=', query.jobId);
	if (query.direction !== undefined) entries = entries.where('log_entry.direction', '=', query.direction);
	if (query.errorClass !== undefined) entries = entries.where('error_class', '=', query.errorClass);
	if (query.kind !== undefined) entries = entries.where('kind', '=', query.kind);
	if (query.recordText !== undefined) {
		const patterns = namePatterns(query.recordText);
		entries = entries.where((eb) =>
			eb.or(
				patterns.flatMap((pattern) =>
					['business_central', 'crm'].map((column) => sql<SqlBool>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`),
				),
			),
		);
	}
	const { recordId, status } = query;
	if (recordId !== undefined) entries = entries.where((eb) => eb.or([eb('bc_id', '=', recordId), eb('crm_id', '=', recordId)]));
	if (status !== undefined) {
		entries = entries.where((eb) =>
			eb.exists(
				eb
					.selectFrom('job')
					.select(sql.lit(1).as('one'))
					.whereRef('job.connection_key', '=', 'log_entry.connection_key')
					.whereRef('job.id', '=', 'log_entry.job_id')
					.where('job.status', '=', status),
			),
		);
	}
	return entries;
}

/**
 * How a number or name stands in the JSON of a record. Only A–Z are folded: that is what both databases do alike (SQLite knows no others, and
 * PostgreSQL's texts sort and fold by bytes here).
 */
function namePatterns(text: string): string[] {
	const json = JSON.stringify(text.trim()).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
	const literal = json.replace(/[\\%_]/g, '\\$&');
	return [`%"number":${literal}%`, `%"name":${literal}%`];
}
