import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '../ports/clock';
import type { StoreTables } from './schema';

/** Finds the store's id, or gives it one when it is opened for the first time; processes that do so together agree on one. */
export async function identifyStore(db: Kysely<StoreTables>, clock: Clock): Promise<{ id: string; createdAt: string }> {
	const find = () => db.selectFrom('store_identity').select(['id', 'created_ms']).executeTakeFirst();
	let row = await find();
	if (row === undefined) {
		await db
			.insertInto('store_identity')
			.values({ only: 1, id: randomUUID(), created_ms: clock.now() })
			.onConflict((oc) => oc.column('only').doNothing())
			.execute();
		row = await find();
	}
	return { id: row!.id, createdAt: new Date(Number(row!.created_ms)).toISOString() };
}
