import { sql } from 'kysely';
import type { Scope } from '../scope';
import { stampMs } from '../stamps';
import type { Origin } from '../store';

/**
 * One row at most is read of each table, whatever they hold. Couples that ended because a record was deleted prove, too, that the state is the one
 * that made them.
 */
export async function knowsCouples({ db, connectionKey }: Scope, mapping?: string): Promise<boolean> {
	for (const table of ['coupling', 'intent', 'former_partner'] as const) {
		const row = await db
			.selectFrom(table)
			.select('mapping')
			.where('connection_key', '=', connectionKey)
			.$if(mapping !== undefined, (qb) => qb.where('mapping', '=', mapping as string))
			.$if(table === 'former_partner', (qb) => qb.where(sql.ref('kind'), '=', sql.lit('deleted')))
			.limit(1)
			.executeTakeFirst();
		if (row !== undefined) return true;
	}
	return false;
}

export async function readOrigin({ db, connectionKey }: Scope, mapping: string): Promise<Origin | null> {
	const row = await db
		.selectFrom('origin')
		.select(['kind', 'at_ms'])
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', mapping)
		.executeTakeFirst();
	return row ? { mapping, kind: row.kind as Origin['kind'], at: new Date(Number(row.at_ms)).toISOString() } : null;
}

export async function putOrigins({ db, connectionKey }: Scope, origins: readonly Origin[]): Promise<void> {
	for (const { mapping, kind, at } of origins) {
		const state = { kind, at_ms: stampMs(at) };
		await db
			.insertInto('origin')
			.values({ connection_key: connectionKey, mapping, ...state })
			.onConflict((oc) => oc.columns(['connection_key', 'mapping']).doUpdateSet(state))
			.execute();
	}
}

/** What was said of the mapping when it was new does not hold for couples that were parted since. */
export const rememberUncoupled = (scope: Scope, ended: ReadonlyArray<{ mapping: string }>, now: number): Promise<void> =>
	putOrigins(
		scope,
		[...new Set(ended.map(({ mapping }) => mapping))].map((mapping) => ({ mapping, kind: 'uncoupled', at: new Date(now).toISOString() })),
	);
