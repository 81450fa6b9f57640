import { type Selectable, sql } from 'kysely';
import type { ErrorClass } from '../../model/errors';
import { chunksOf, groupBy, lastByKey } from '../../model/chunks';
import type { FailureTable } from '../schema';
import { decodeNext, readPage, rowLimit } from '../paging';
import { compiledOnce } from '../compiledOnce';
import type { Scope } from '../scope';
import { type SourceKey, sourceKeyOf } from './intents';
import type { PassDirection } from '../../model/direction';
import type { Failure, UnresolvedReference } from '../../model/failure';
import type { FailureListQuery, FailureSelection, Page } from '../../ports/storeQueries';

const failureFromRow = (row: Selectable<FailureTable>): Failure => ({
	mapping: row.mapping,
	direction: row.direction as PassDirection,
	sourceId: row.source_id,
	errorClass: row.error_class as ErrorClass,
	errorCode: row.error_code,
	message: row.message,
	hint: row.hint,
	attempts: row.attempts,
	skipped: row.skipped === 1,
	sourceVersion: row.source_version,
	...(row.partner_version === null ? {} : { partnerVersion: row.partner_version }),
	...(row.missing === null ? {} : { unresolved: JSON.parse(row.missing) as UnresolvedReference[] }),
	firstFailedAt: row.first_failed_at ?? row.failed_at,
	failedAt: row.failed_at,
});

const ofDirection = ({ db, connectionKey }: Scope, mapping: string, direction: PassDirection) =>
	db
		.selectFrom('failure')
		.selectAll()
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('direction', '=', direction);

export async function readFailures(scope: Scope, mapping: string, direction: PassDirection, options: FailureSelection): Promise<Failure[]> {
	let query = ofDirection(scope, mapping, direction).orderBy('source_id').limit(rowLimit(options.limit));
	if (options.only) query = query.where('skipped', '=', 1);
	else if (!options.includeSkipped) query = query.where('skipped', '=', 0);
	if (options.only === 'waiting') query = query.where('missing', 'is not', null);
	if (options.afterSourceId !== undefined) query = query.where('source_id', '>', options.afterSourceId);
	return (await query.execute()).map(failureFromRow);
}

type FailureKey = [mapping: string, direction: string, sourceId: string];

/** Failures are few beside couplings, so that a list of them is never sliced. */
export async function listFailures({ db, connectionKey }: Scope, query: FailureListQuery): Promise<Page<Failure>> {
	const after = decodeNext<FailureKey>(query.next, ['string', 'string', 'string']);
	const page = await readPage<FailureKey, Selectable<FailureTable>>(
		{
			sliceEnd: () => Promise.resolve(undefined),
			read: (from, _upTo, limit) => {
				let failures = db
					.selectFrom('failure')
					.selectAll()
					.where('connection_key', '=', connectionKey)
					.orderBy('mapping')
					.orderBy('direction')
					.orderBy('source_id')
					.limit(limit);
				if (query.mapping !== undefined) failures = failures.where('mapping', '=', query.mapping);
				if (query.direction !== undefined) failures = failures.where('direction', '=', query.direction);
				if (query.skipped !== undefined) failures = failures.where('skipped', '=', query.skipped ? 1 : 0);
				if (query.errorClass !== undefined) failures = failures.where('error_class', '=', query.errorClass);
				if (from !== undefined) {
					failures = failures.where(sql<boolean>`(mapping, direction, source_id) > (${from[0]}, ${from[1]}, ${from[2]})`);
				}
				return failures.execute();
			},
			keyOf: (row) => [row.mapping, row.direction, row.source_id],
		},
		{ after, limit: query.limit, sliced: false },
	);
	return { ...page, rows: page.rows.map(failureFromRow) };
}

export async function failuresOf(
	scope: Scope,
	mapping: string,
	direction: PassDirection,
	sourceIds: readonly string[],
): Promise<Map<string, Failure>> {
	const found = new Map<string, Failure>();
	for (const chunk of chunksOf([...new Set(sourceIds)])) {
		const rows = await ofDirection(scope, mapping, direction).where('source_id', 'in', chunk).execute();
		for (const row of rows) found.set(row.source_id, failureFromRow(row));
	}
	return found;
}

const failuresCounted = compiledOnce(({ db }, { connectionKey, mapping }: { connectionKey: number; mapping: string }) =>
	db
		.selectFrom('failure')
		.select((eb) => ['skipped', eb.fn.countAll<number | string>().as('count')])
		.where('connection_key', '=', connectionKey)
		.where('skipped', 'in', [0, 1])
		.where('mapping', '=', mapping)
		.groupBy('skipped'),
);

export async function countFailures(scope: Scope, mapping: string): Promise<{ failed: number; skipped: number }> {
	const rows = await failuresCounted(scope, { connectionKey: scope.connectionKey, mapping });
	const countOf = (skipped: number) => Number(rows.find((row) => row.skipped === skipped)?.count ?? 0);
	return { failed: countOf(0), skipped: countOf(1) };
}

export async function putFailures({ db, connectionKey }: Scope, failures: readonly Failure[]): Promise<void> {
	for (const chunk of chunksOf(lastByKey(failures, sourceKeyOf))) {
		await db
			.insertInto('failure')
			.values(
				chunk.map((failure) => ({
					connection_key: connectionKey,
					mapping: failure.mapping,
					direction: failure.direction,
					source_id: failure.sourceId,
					error_class: failure.errorClass,
					error_code: failure.errorCode,
					message: failure.message,
					hint: failure.hint,
					attempts: failure.attempts,
					skipped: failure.skipped ? 1 : 0,
					source_version: failure.sourceVersion,
					partner_version: failure.partnerVersion ?? null,
					missing: failure.unresolved?.length ? JSON.stringify(failure.unresolved) : null,
					first_failed_at: failure.firstFailedAt ?? failure.failedAt,
					failed_at: failure.failedAt,
				})),
			)
			.onConflict((oc) =>
				oc.columns(['connection_key', 'mapping', 'direction', 'source_id']).doUpdateSet((eb) => ({
					error_class: eb.ref('excluded.error_class'),
					error_code: eb.ref('excluded.error_code'),
					message: eb.ref('excluded.message'),
					hint: eb.ref('excluded.hint'),
					attempts: eb.ref('excluded.attempts'),
					skipped: eb.ref('excluded.skipped'),
					source_version: eb.ref('excluded.source_version'),
					partner_version: eb.ref('excluded.partner_version'),
					missing: eb.ref('excluded.missing'),
					first_failed_at: eb.ref('excluded.first_failed_at'),
					failed_at: eb.ref('excluded.failed_at'),
				})),
			)
			.execute();
	}
}

/** Skipped failures become due; how often they came up stays, so that the same error again leaves the record alone again. */
export async function makeDue({ db, connectionKey }: Scope, keys: readonly SourceKey[]): Promise<void> {
	for (const group of groupBy(keys, (key) => `${key.mapping}\n${key.direction}`).values()) {
		for (const chunk of chunksOf(group)) {
			const { mapping, direction } = chunk[0] as SourceKey;
			await db
				.updateTable('failure')
				.set({ skipped: 0 })
				.where('connection_key', '=', connectionKey)
				.where('mapping', '=', mapping)
				.where('direction', '=', direction)
				.where(
					'source_id',
					'in',
					chunk.map((key) => key.sourceId),
				)
				.execute();
		}
	}
}
