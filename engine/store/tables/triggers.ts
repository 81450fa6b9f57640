import { sql } from 'kysely';
import type { Side } from '../../model/side';
import type { StoredTrigger, TriggerChanges, TriggerMapping, TriggerSignal, TriggerState, TriggerSubscription } from '../../model/trigger';
import type { Scope } from '../scope';

/** All triggers of the connection, or one of them. */
export async function readTriggers({ db, connectionKey }: Scope, trigger?: string): Promise<StoredTrigger[]> {
	let states = db.selectFrom('trigger_state').select(['trigger_id', 'state']).where('connection_key', '=', connectionKey);
	let mappings = db.selectFrom('trigger_mapping').select(['trigger_id', 'state']).where('connection_key', '=', connectionKey);
	if (trigger !== undefined) {
		states = states.where('trigger_id', '=', trigger);
		mappings = mappings.where('trigger_id', '=', trigger);
	}
	const known = await mappings.orderBy('mapping').execute();
	return (await states.orderBy('trigger_id').execute()).map((row) => ({
		trigger: row.trigger_id,
		state: JSON.parse(row.state) as TriggerState,
		mappings: known.filter((each) => each.trigger_id === row.trigger_id).map(({ state }) => JSON.parse(state) as TriggerMapping),
	}));
}

export async function applyTriggerChanges(scope: Scope, changes: TriggerChanges): Promise<void> {
	const { db, connectionKey } = scope;
	const { trigger, state, mappings = [], mappingsGone = [], signalsTaken = [] } = changes;
	const key = { connection_key: connectionKey, trigger_id: trigger };
	if (state) {
		const row = { state: JSON.stringify(state), alive_ms: state.aliveMs };
		await db
			.insertInto('trigger_state')
			.values({ ...key, ...row })
			.onConflict((oc) => oc.columns(['connection_key', 'trigger_id']).doUpdateSet(row))
			.execute();
	}
	if (mappingsGone.length > 0) {
		await db
			.deleteFrom('trigger_mapping')
			.where('connection_key', '=', connectionKey)
			.where('trigger_id', '=', trigger)
			.where('mapping', 'in', mappingsGone)
			.execute();
	}
	if (mappings.length > 0) {
		await db
			.insertInto('trigger_mapping')
			.values(mappings.map((each) => ({ ...key, mapping: each.mapping, state: JSON.stringify(each) })))
			.onConflict((oc) =>
				oc.columns(['connection_key', 'trigger_id', 'mapping']).doUpdateSet((eb) => ({ state: eb.ref('excluded.state') })),
			)
			.execute();
	}
	for (const signal of signalsTaken) await takeSignal(scope, trigger, signal);
}

/** What came in since it was read is told by the time of the last one, or, within one millisecond, by the number. */
async function takeSignal({ db, connectionKey }: Scope, trigger: string, { mapping, side, lastMs, count }: TriggerSignal): Promise<void> {
	await db
		.deleteFrom('trigger_signal')
		.where('connection_key', '=', connectionKey)
		.where('trigger_id', '=', trigger)
		.where('mapping', '=', mapping)
		.where('side', '=', side)
		.where('last_ms', '<=', lastMs)
		.where('signals', '<=', count)
		.execute();
}

export async function forgetTrigger({ db, connectionKey }: Scope, trigger: string): Promise<void> {
	for (const table of ['trigger_subscription', 'trigger_signal', 'trigger_mapping', 'trigger_state'] as const)
		await db.deleteFrom(table).where('connection_key', '=', connectionKey).where('trigger_id', '=', trigger).execute();
}

/** One upsert for each mapping and side, however often they were told of. */
export async function noteSignals({ db, connectionKey }: Scope, trigger: string, signals: readonly TriggerSignal[]): Promise<void> {
	for (const { mapping, side, count, firstMs, lastMs } of signals) {
		await db
			.insertInto('trigger_signal')
			.values({ connection_key: connectionKey, trigger_id: trigger, mapping, side, signals: count, first_ms: firstMs, last_ms: lastMs })
			.onConflict((oc) =>
				oc.columns(['connection_key', 'trigger_id', 'mapping', 'side']).doUpdateSet((eb) => ({
					signals: eb('trigger_signal.signals', '+', eb.ref('excluded.signals')),
					last_ms: sql<number>`case when excluded.last_ms > trigger_signal.last_ms then excluded.last_ms else trigger_signal.last_ms end`,
				})),
			)
			.execute();
	}
}

export async function readSignals({ db, connectionKey }: Scope, trigger: string): Promise<TriggerSignal[]> {
	const rows = await db
		.selectFrom('trigger_signal')
		.select(['mapping', 'side', 'signals', 'first_ms', 'last_ms'])
		.where('connection_key', '=', connectionKey)
		.where('trigger_id', '=', trigger)
		.orderBy('mapping')
		.orderBy('side')
		.execute();
	return rows.map((row) => ({
		mapping: row.mapping,
		side: row.side as Side,
		count: Number(row.signals),
		firstMs: Number(row.first_ms),
		lastMs: Number(row.last_ms),
	}));
}

const numberOrNull = (value: number | null): number | null => (value === null ? null : Number(value));

export async function readSubscriptions({ db, connectionKey }: Scope, trigger: string): Promise<TriggerSubscription[]> {
	const rows = await db
		.selectFrom('trigger_subscription')
		.selectAll()
		.where('connection_key', '=', connectionKey)
		.where('trigger_id', '=', trigger)
		.orderBy('side')
		.orderBy('resource')
		.execute();
	return rows.map((row) => ({
		trigger,
		side: row.side as Side,
		resource: row.resource,
		mapping: row.mapping,
		remoteId: row.remote_id,
		etag: row.etag,
		url: row.url,
		secretHash: row.secret_hash,
		expiresMs: numberOrNull(row.expires_ms),
		handshakeUntilMs: numberOrNull(row.handshake_until_ms),
		lastToldMs: numberOrNull(row.last_told_ms),
		lastError: row.last_error,
	}));
}

export async function saveSubscription({ db, connectionKey }: Scope, subscription: TriggerSubscription): Promise<void> {
	const row = {
		mapping: subscription.mapping,
		remote_id: subscription.remoteId,
		etag: subscription.etag,
		url: subscription.url,
		secret_hash: subscription.secretHash,
		expires_ms: subscription.expiresMs,
		handshake_until_ms: subscription.handshakeUntilMs,
		last_told_ms: subscription.lastToldMs,
		last_error: subscription.lastError,
	};
	const { trigger, side, resource } = subscription;
	await db
		.insertInto('trigger_subscription')
		.values({ connection_key: connectionKey, trigger_id: trigger, side, resource, ...row })
		.onConflict((oc) => oc.columns(['connection_key', 'trigger_id', 'side', 'resource']).doUpdateSet(row))
		.execute();
}

export async function deleteSubscription(
	{ db, connectionKey }: Scope,
	{ trigger, side, resource }: Pick<TriggerSubscription, 'trigger' | 'side' | 'resource'>,
): Promise<void> {
	await db
		.deleteFrom('trigger_subscription')
		.where('connection_key', '=', connectionKey)
		.where('trigger_id', '=', trigger)
		.where('side', '=', side)
		.where('resource', '=', resource)
		.execute();
}

/** Puts down alone when it last told: the rest may be changed at the same time by who registers. */
export async function noteTold(
	{ db, connectionKey }: Scope,
	{ trigger, side, resource }: Pick<TriggerSubscription, 'trigger' | 'side' | 'resource'>,
	now: number,
): Promise<void> {
	await db
		.updateTable('trigger_subscription')
		.set({ last_told_ms: now })
		.where('connection_key', '=', connectionKey)
		.where('trigger_id', '=', trigger)
		.where('side', '=', side)
		.where('resource', '=', resource)
		.execute();
}

/** The connection that a trigger has webhooks for; null: none is known of. */
export async function connectionOfTrigger(db: Scope['db'], trigger: string): Promise<number | null> {
	const rows = db.selectFrom('trigger_subscription').select('connection_key').where('trigger_id', '=', trigger);
	const row = await rows.orderBy('connection_key', 'desc').limit(1).executeTakeFirst();
	return row ? Number(row.connection_key) : null;
}
