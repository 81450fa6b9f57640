import type { TriggerSubscription } from '../../model/trigger';
import type { Log, SyncSession } from '../../ports/session';

/** What subscriptions of one trigger are kept with. */
export interface SubscriptionTools {
	session: SyncSession;
	trigger: string;
	/** Where the services are to call. */
	url: string;
	log: Log;
	/** Epoch milliseconds. */
	now: number;
	/** Asks the service what is registered, whatever is known. */
	compare: boolean;
}

/** A handshake is answered so long after a request that brings it about was begun. */
export const HANDSHAKE_MS = 60_000;

export const blankSubscription = (
	{ trigger, url }: Pick<SubscriptionTools, 'trigger' | 'url'>,
	{ side, resource, mapping }: Pick<TriggerSubscription, 'side' | 'resource' | 'mapping'>,
): TriggerSubscription => ({
	trigger,
	side,
	resource,
	mapping,
	remoteId: null,
	etag: null,
	url,
	secretHash: '',
	expiresMs: null,
	handshakeUntilMs: null,
	lastToldMs: null,
	lastError: null,
});
