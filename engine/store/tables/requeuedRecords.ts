import { type Selectable, sql } from 'kysely';
import { chunksOf } from '../../model/chunks';
import type { PassDirection } from '../../model/direction';
import type { UnresolvedReference } from '../../model/failure';
import type { OwedValues, RequeuedRecord, RequeueReason } from '../../model/requeued';
import type { Page, RequeuedCount, RequeuedListQuery } from '../../ports/storeQueries';
import { decodeNext, readPage, rowLimit } from '../paging';
import type { RequeuedRecordTable } from '../schema';
import type { Scope } from '../scope';
import { sourceKeyOf } from './intents';

const fromRow = (row: Selectable<RequeuedRecordTable>): RequeuedRecord => ({
	mapping: row.mapping,
	direction: row.direction as PassDirection,
	sourceId: row.source_id,
	reason: row.reason as RequeueReason,
	fields: row.fields === null ? [] : (JSON.parse(row.fields) as string[]),
	unresolved: row.missing === null ? [] : (JSON.parse(row.missing) as UnresolvedReference[]),
	sourceVersion: row.source_version,
	attempts: row.attempts,
	since: row.since,
	...(row.owed === null ? {} : { owed: JSON.parse(row.owed) as OwedValues }),
});

const ofDirection = ({ db, connectionKey }: Scope, mapping: string, direction: PassDirection) =>
	db
		.selectFrom('requeued_record')
		.selectAll()
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('direction', '=', direction);

export async function readRequeued(
	scope: Scope,
	mapping: string,
	direction: PassDirection,
	options: { limit: number; afterSourceId?: string },
): Promise<RequeuedRecord[]> {
	let query = ofDirection(scope, mapping, direction).orderBy('source_id').limit(rowLimit(options.limit));
	if (options.afterSourceId !== undefined) query = query.where('source_id', '>', options.afterSourceId);
	return (await query.execute()).map(fromRow);
}

export async function requeuedOf(
	scope: Scope,
	mapping: string,
	direction: PassDirection,
	sourceIds: readonly string[],
): Promise<Map<string, RequeuedRecord>> {
	const found = new Map<string, RequeuedRecord>();
	for (const chunk of chunksOf([...new Set(sourceIds)])) {
		const rows = await ofDirection(scope, mapping, direction).where('source_id', 'in', chunk).execute();
		for (const row of rows) found.set(row.source_id, fromRow(row));
	}
	return found;
}

type RequeuedKey = [mapping: string, direction: string, sourceId: string];

/** Like failures, requeued records are few beside couplings. */
export async function listRequeued({ db, connectionKey }: Scope, query: RequeuedListQuery): Promise<Page<RequeuedRecord>> {
	const after = decodeNext<RequeuedKey>(query.next, ['string', 'string', 'string']);
	const page = await readPage<RequeuedKey, Selectable<RequeuedRecordTable>>(
		{
			sliceEnd: () => Promise.resolve(undefined),
			read: (from, _upTo, limit) => {
				let rows = db
					.selectFrom('requeued_record')
					.selectAll()
					.where('connection_key', '=', connectionKey)
					.orderBy('mapping')
					.orderBy('direction')
					.orderBy('source_id')
					.limit(limit);
				if (query.mapping !== undefined) rows = rows.where('mapping', '=', query.mapping);
				if (from !== undefined) rows = rows.where(sql<boolean>`(mapping, direction, source_id) > (${from[0]}, ${from[1]}, ${from[2]})`);
				return rows.execute();
			},
			keyOf: (row) => [row.mapping, row.direction, row.source_id],
		},
		{ after, limit: query.limit, sliced: false },
	);
	return { ...page, rows: page.rows.map(fromRow) };
}

export async function countRequeued({ db, connectionKey }: Scope, mapping?: string): Promise<RequeuedCount[]> {
	const rows = await db
		.selectFrom('requeued_record')
		.select((eb) => ['mapping', 'reason', eb.fn.countAll<number | string>().as('count')])
		.where('connection_key', '=', connectionKey)
		.$if(mapping !== undefined, (qb) => qb.where('mapping', '=', mapping as string))
		.groupBy(['mapping', 'reason'])
		.orderBy('mapping')
		.orderBy('reason')
		.execute();
	return rows.map((row) => ({ mapping: row.mapping, reason: row.reason as RequeueReason, records: Number(row.count) }));
}

/** Each record once: what it owed by an earlier entry it still owes, unless the later one names fields. */
function merged(records: readonly RequeuedRecord[]): RequeuedRecord[] {
	const byKey = new Map<string, RequeuedRecord>();
	for (const record of records) {
		const { fields, unresolved, sourceVersion, owed } = byKey.get(sourceKeyOf(record)) ?? record;
		const values = record.owed ?? owed;
		const owing = values ? { ...record, owed: values } : record;
		byKey.set(sourceKeyOf(record), record.fields.length === 0 ? { ...owing, fields, unresolved, sourceVersion } : owing);
	}
	return [...byKey.values()];
}

/** A record that is requeued once more goes on owing what it owed, unless it is told anew. */
export async function putRequeued({ db, connectionKey }: Scope, records: readonly RequeuedRecord[]): Promise<void> {
	for (const chunk of chunksOf(merged(records))) {
		await db
			.insertInto('requeued_record')
			.values(
				chunk.map((record) => ({
					connection_key: connectionKey,
					mapping: record.mapping,
					direction: record.direction,
					source_id: record.sourceId,
					reason: record.reason,
					fields: record.fields.length === 0 ? null : JSON.stringify(record.fields),
					missing: record.unresolved.length === 0 ? null : JSON.stringify(record.unresolved),
					source_version: record.sourceVersion,
					attempts: record.attempts,
					since: record.since,
					owed: record.owed ? JSON.stringify(record.owed) : null,
				})),
			)
			.onConflict((oc) =>
				oc.columns(['connection_key', 'mapping', 'direction', 'source_id']).doUpdateSet((eb) => ({
					reason: eb.ref('excluded.reason'),
					fields: eb.fn.coalesce('excluded.fields', 'requeued_record.fields'),
					missing: sql<string | null>`case when excluded.fields is null then requeued_record.missing else excluded.missing end`,
					source_version: eb.fn.coalesce('excluded.source_version', 'requeued_record.source_version'),
					attempts: sql<number>`requeued_record.attempts + 1`,
					since: eb.ref('requeued_record.since'),
					owed: eb.fn.coalesce('excluded.owed', 'requeued_record.owed'),
				})),
			)
			.execute();
	}
}
