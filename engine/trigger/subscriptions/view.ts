import { SYSTEM_NAMES } from '../../model/side';
import type { TriggerSubscription } from '../../model/trigger';
import type { SyncStore } from '../../ports/syncStore';
import { ENDPOINT } from './dataverse';
import { mappingsOf } from './wanted';

/** A webhook as people see it; nothing secret in it. Times: ISO, UTC. */
export interface SubscriptionView {
	/** `Business Central` or `CRM`. */
	system: string;
	/** What is watched, as the service names it; `*`: where all of CRM's webhooks come from. */
	resource: string;
	mappings: string[];
	registered: boolean;
	expires: string | null;
	lastTold: string | null;
	error: string | null;
}

/** The webhooks of a trigger. */
export async function subscriptionViews(store: SyncStore, trigger: string): Promise<SubscriptionView[]> {
	const rows = await store.subscriptions(trigger);
	const endpoint = rows.find(({ side, resource }) => side === 'crm' && resource === ENDPOINT);
	return rows.map((row) => viewOf(row, endpoint));
}

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Tables of CRM are told through the endpoint: they are registered when that is. */
function viewOf(
	{ side, resource, mapping, remoteId, expiresMs, lastToldMs, lastError }: TriggerSubscription,
	endpoint: TriggerSubscription | undefined,
): SubscriptionView {
	const registered =
		side === 'crm' ? endpoint !== undefined && (endpoint.remoteId !== null || endpoint.lastToldMs !== null) : remoteId !== null;
	return {
		...{ system: SYSTEM_NAMES[side], resource, mappings: mappingsOf(mapping), registered },
		...{ expires: iso(expiresMs), lastTold: iso(lastToldMs), error: lastError ?? (side === 'crm' ? (endpoint?.lastError ?? null) : null) },
	};
}
