import type { RememberedOffer } from '../../ports/surfaceMemory';
import type { Scope } from '../scope';

export async function readSurfaceOffer({ db, connectionKey }: Scope): Promise<RememberedOffer | null> {
	const row = await db
		.selectFrom('surface_offer')
		.select(['environment', 'seen_ms', 'offer'])
		.where('connection_key', '=', connectionKey)
		.executeTakeFirst();
	return row ? { environment: row.environment, seenAt: Number(row.seen_ms), offer: row.offer } : null;
}

/** Of two processes that looked at once, either may stay: both saw it just now. */
export async function putSurfaceOffer({ db, connectionKey }: Scope, { environment, seenAt, offer }: RememberedOffer): Promise<void> {
	const values = { environment, seen_ms: seenAt, offer };
	await db
		.insertInto('surface_offer')
		.values({ connection_key: connectionKey, ...values })
		.onConflict((oc) => oc.column('connection_key').doUpdateSet(values))
		.execute();
}
