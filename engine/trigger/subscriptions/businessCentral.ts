import { createHash } from 'node:crypto';
import { SyncError } from '../../model/errors';
import type { TriggerSubscription } from '../../model/trigger';
import type { RemoteSubscription, Subscriptions } from '../../ports/webhooks';
import { hashOf, isOf, newSecret, stateOf } from './secret';
import { blankSubscription, HANDSHAKE_MS, type SubscriptionTools } from './tools';
import { mappingsText, type WantedResource } from './wanted';

const HOUR_MS = 3_600_000;
/** Renewed when so much of the three days is left, so that a day of failures does no harm … */
const RENEW_MS = 36 * HOUR_MS;
/** … and not all at once. */
const SPREAD_MS = HOUR_MS;
/** Where the service does not say how long one lasts. */
const UNKNOWN_LIFE_MS = 48 * HOUR_MS;
/** One table that cannot be watched keeps nobody else from it; that the address is not reached is found out twice, not for each table. */
const MOST_FAILURES = 2;

const SIDE = 'businessCentral';

/**
 * Brings Business Central's subscriptions in line with what is wanted: makes, adopts, renews, removes. What the service refuses is put down with the
 * subscription that it concerns, and is tried again with the next comparison.
 * @returns what the service refused last; null: all that is wanted is there
 * @throws SyncError where what is registered cannot be found out
 */
export async function keepSubscriptions(tools: SubscriptionTools, wanted: readonly WantedResource[]): Promise<SyncError | null> {
	const { session, trigger, url } = tools;
	const service = session.businessCentral.subscriptions;
	if (!service) return null;
	const rows = (await session.store.subscriptions(trigger)).filter(({ side }) => side === SIDE);
	const known = new Map(rows.map((row) => [row.resource, row]));
	const registered = tools.compare ? await compare(tools, service, { rows, wanted }) : null;
	for (const row of rows) if (!wanted.some(({ resource }) => resource === row.resource)) await drop(tools, service, row);
	let refusal: SyncError | null = null;
	let failures = 0;
	for (const { resource, mappings } of wanted) {
		const before = {
			...(known.get(resource) ?? blankSubscription(tools, { side: SIDE, resource, mapping: '' })),
			mapping: mappingsText(mappings),
		};
		const remote = registered?.get(resource) ?? null;
		const isThere = before.remoteId !== null && (registered === null || remote?.id === before.remoteId);
		if (isThere && before.url === url && remote?.url !== undefined && remote.url !== url) before.url = remote.url;
		if (isThere && before.url === url && !isDue(before, tools.now)) {
			const { lastError, mapping } = known.get(resource)!;
			if (lastError !== null || before.mapping !== mapping) await session.store.saveSubscription({ ...before, lastError: null });
			continue;
		}
		if (before.lastError !== null && !tools.compare) continue;
		try {
			await bring(tools, service, { before, remote, isThere });
		} catch (error) {
			if (!(error instanceof SyncError) || error.system === 'store') throw error;
			await noteFailure(tools, resource, before, error);
			refusal = error;
			failures += 1;
			if (failures >= MOST_FAILURES || concernsAll(error)) break;
		}
	}
	return refusal;
}

/** No other table would fare better. */
const concernsAll = (error: SyncError): boolean => error.httpStatus !== 400;

const isDue = ({ resource, expiresMs }: TriggerSubscription, now: number): boolean =>
	(expiresMs ?? 0) - now < RENEW_MS + spreadOf(resource);

/** The same for a table each time, and different from table to table. */
const spreadOf = (resource: string): number => createHash('sha256').update(resource).digest().readUInt32BE(0) % SPREAD_MS;

/** What is registered of ours, one for each resource; what is there twice, or not wanted any more, is removed. */
async function compare(
	tools: SubscriptionTools,
	service: Subscriptions,
	{ rows, wanted }: { rows: readonly TriggerSubscription[]; wanted: readonly WantedResource[] },
): Promise<Map<string, RemoteSubscription>> {
	const ids = new Set(rows.map(({ remoteId }) => remoteId));
	const all = await service.list(wanted.map(({ resource }) => resource));
	const ours = all.filter(({ id, clientState, url }) => ids.has(id) || url === tools.url || isOf(tools.trigger, clientState));
	const kept = new Map<string, RemoteSubscription>();
	// Those whose secret is known come first.
	for (const remote of [...ours].sort((a, b) => Number(ids.has(b.id)) - Number(ids.has(a.id)))) {
		const resource = wanted.find((each) => each.resource.toLowerCase() === remote.resource.toLowerCase())?.resource;
		if (resource !== undefined && !kept.has(resource)) kept.set(resource, remote);
		else await service.remove(remote);
	}
	const lost = rows.filter(({ resource, remoteId }) => remoteId !== null && kept.get(resource)?.id !== remoteId);
	if (lost.length > 0)
		tools.log('info', `${lost.length} subscriptions were not in Business Central any more. They are made anew.`, { code: 'WEBHOOKS_LOST' });
	return kept;
}

/** Renews what is known, adopts what is there without its secret being known, makes what is not there. */
async function bring(
	tools: SubscriptionTools,
	service: Subscriptions,
	{ before, remote, isThere }: { before: TriggerSubscription; remote: RemoteSubscription | null; isThere: boolean },
): Promise<void> {
	const { session, trigger, url, now } = tools;
	const { resource } = before;
	const ready = { ...before, url, handshakeUntilMs: now + HANDSHAKE_MS };
	let made: RemoteSubscription | null = null;
	if (isThere) {
		await session.store.saveSubscription(ready);
		const changes = before.url === url ? {} : { url };
		made = await service.renew({ id: before.remoteId!, resource, etag: before.etag }, changes);
	}
	let { secretHash } = before;
	if (made === null) {
		const state = stateOf(trigger, newSecret());
		secretHash = hashOf(state);
		// The service may call as soon as it has the subscription.
		await session.store.saveSubscription({ ...ready, remoteId: null, secretHash });
		if (remote && !isThere) made = await service.renew({ ...remote, resource }, { url, clientState: state });
		made ??= await service.create({ url, resource, clientState: state });
	}
	const ahead = (session.businessCentral.serviceNow() ?? now) - now;
	const expiresMs = made.expiresMs === null ? now + UNKNOWN_LIFE_MS : made.expiresMs - ahead;
	await session.store.saveSubscription({
		...ready,
		...{ secretHash, remoteId: made.id, etag: made.etag, expiresMs, handshakeUntilMs: null, lastError: null },
	});
}

async function noteFailure(
	{ session, trigger }: SubscriptionTools,
	resource: string,
	before: TriggerSubscription,
	error: SyncError,
): Promise<void> {
	const stored = (await session.store.subscriptions(trigger)).find((row) => row.side === SIDE && row.resource === resource) ?? before;
	await session.store.saveSubscription({ ...stored, mapping: before.mapping, lastError: `${error.code}: ${error.message}` });
}

/** Forgotten once it is not there any more. */
async function drop({ session }: SubscriptionTools, service: Subscriptions, row: TriggerSubscription): Promise<void> {
	if (row.remoteId !== null) await service.remove({ id: row.remoteId, resource: row.resource });
	await session.store.deleteSubscription(row);
}
