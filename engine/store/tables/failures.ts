import type { Selectable } from 'kysely';
import type { ErrorClass } from '../../errors';
import type { PassDirection } from '../../mapping/tableMapping';
import { chunksOf, lastByKey } from '../chunks';
import type { FailureTable } from '../schema';
import { rowLimit } from '../paging';
import type { Scope } from '../scope';
import type { Failure } from '../store';
import { sourceKeyOf } from './intents';

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
	failedAt: row.failed_at,
});

const ofDirection = ({ db, connectionKey }: Scope, mapping: string, direction: PassDirection) =>
	db
		.selectFrom('failure')
		.selectAll()
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.where('direction', '=', direction);

export async function readFailures(
	scope: Scope,
	mapping: string,
	direction: PassDirection,
	options: { includeSkipped: boolean; limit: number; afterSourceId?: string },
): Promise<Failure[]> {
	let query = ofDirection(scope, mapping, direction).orderBy('source_id').limit(rowLimit(options.limit));
	if (!options.includeSkipped) query = query.where('skipped', '=', 0);
	if (options.afterSourceId !== undefined) query = query.where('source_id', '>', options.afterSourceId);
	return (await query.execute()).map(failureFromRow);
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

export async function countFailures({ db, connectionKey }: Scope, mapping: string): Promise<{ failed: number; skipped: number }> {
	const rows = await db
		.selectFrom('failure')
		.select((eb) => ['skipped', eb.fn.countAll<number | string>().as('count')])
		.where('connection_key', '=', connectionKey)
		.where('skipped', 'in', [0, 1])
		.where('mapping', '=', mapping)
		.groupBy('skipped')
		.execute();
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
					failed_at: eb.ref('excluded.failed_at'),
				})),
			)
			.execute();
	}
}
