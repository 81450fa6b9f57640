import { sql } from 'kysely';
import { chunksOf, lastByKey } from '../../model/chunks';
import type { Scope } from '../scope';
import { stampMs } from '../stamps';
import type { Origin } from '../../model/storeIdentity';

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

export const putOrigins = (scope: Scope, origins: readonly Origin[]): Promise<void> => upsert(scope, origins, 'always');

/**
 * Couplings ended in this store. What a person said of the mapping when it was new stands: one pair that is parted makes no lost state of it; for a
 * whole mapping whoever uncouples it says so (`origins` of the commit).
 */
export const rememberUncoupled = (scope: Scope, ended: ReadonlyArray<{ mapping: string }>, now: number): Promise<void> =>
	upsert(
		scope,
		[...new Set(ended.map(({ mapping }) => mapping))].map((mapping) => ({ mapping, kind: 'uncoupled', at: new Date(now).toISOString() })),
		'unlessNew',
	);

async function upsert({ db, connectionKey }: Scope, origins: readonly Origin[], when: 'always' | 'unlessNew'): Promise<void> {
	for (const chunk of chunksOf(lastByKey(origins, ({ mapping }) => mapping))) {
		await db
			.insertInto('origin')
			.values(chunk.map(({ mapping, kind, at }) => ({ connection_key: connectionKey, mapping, kind, at_ms: stampMs(at) })))
			.onConflict((oc) => {
				const update = oc
					.columns(['connection_key', 'mapping'])
					.doUpdateSet((eb) => ({ kind: eb.ref('excluded.kind'), at_ms: eb.ref('excluded.at_ms') }));
				return when === 'always' ? update : update.where('origin.kind', '!=', 'new');
			})
			.execute();
	}
}
