import type { TriggerSubscription } from '../../model/trigger';
import { ENDPOINT } from './dataverse';
import type { WantedResource } from './wanted';

/** Whether webhooks of a side can be relied on; if not, it is looked at as often as without them. */
export type Health = 'healthy' | 'unhealthy';

/**
 * @param rows what is known of the side's webhooks
 * @param terms `now` epoch milliseconds; `missed`: looks found changes that no webhook had told of
 */
export function healthOf(
	rows: readonly TriggerSubscription[],
	wanted: readonly WantedResource[],
	{ now, byAdministrator, missed }: { now: number; byAdministrator: boolean; missed: boolean },
): Health {
	if (missed) return 'unhealthy';
	if (wanted.length === 0) return 'healthy';
	const endpoint = rows.find(({ side, resource }) => side === 'crm' && resource === ENDPOINT);
	// What somebody else registered is known to be there once it has told of something.
	if (byAdministrator) return endpoint?.lastToldMs == null ? 'unhealthy' : 'healthy';
	if (endpoint) return works(endpoint, now) ? 'healthy' : 'unhealthy';
	const areThere = wanted.every(({ resource }) => rows.some((row) => row.resource === resource && works(row, now)));
	return areThere ? 'healthy' : 'unhealthy';
}

const works = ({ remoteId, lastError, expiresMs }: TriggerSubscription, now: number): boolean =>
	remoteId !== null && lastError === null && (expiresMs === null || expiresMs > now);
