import { SyncError } from '../../model/errors';
import { type Side, SIDES } from '../../model/side';
import type { SyncSession } from '../../ports/session';
import type { ServiceEndpoints } from '../../ports/webhooks';
import { ownOf } from './dataverse';
import { isOf } from './secret';

/** A way to register and remove webhooks of Dataverse, opened with the credential that may. */
export interface Registrar {
	serviceEndpoints: ServiceEndpoints;
	close(): void;
}

/**
 * Removes all webhooks of a trigger: those it knows of, and those that bear its name although nobody remembers them. What one system refuses keeps nothing
 * of the other one.
 * @param openRegistrar null: an administrator registered in Dataverse, and removes there
 * @throws SyncError of the first system where something may be left
 */
export async function removeWebhooks(
	session: SyncSession,
	trigger: string,
	{ url, sides, openRegistrar }: { url: string | null; sides: readonly Side[]; openRegistrar: (() => Promise<Registrar>) | null },
): Promise<void> {
	const rows = await session.store.subscriptions(trigger);
	const errors: unknown[] = [];
	for (const side of SIDES) {
		const own = rows.filter((row) => row.side === side);
		if (own.length === 0 && !sides.includes(side)) continue;
		try {
			if (side === 'businessCentral') await removeSubscriptions(session, trigger, { url, rows: own });
			else if (openRegistrar) await removeEndpoints(await openRegistrar(), trigger);
			// What an administrator registered is his, and its secret goes on working when the workflow is published again.
			if (side === 'businessCentral' || openRegistrar) for (const row of own) await session.store.deleteSubscription(row);
		} catch (error) {
			errors.push(error);
		}
	}
	if (errors.length > 0) throw errors.find((error) => error instanceof SyncError) ?? errors[0];
}

async function removeSubscriptions(
	{ businessCentral }: SyncSession,
	trigger: string,
	{ url, rows }: { url: string | null; rows: ReadonlyArray<{ remoteId: string | null; resource: string }> },
): Promise<void> {
	const service = businessCentral.subscriptions;
	if (!service) return;
	for (const { remoteId, resource } of rows) if (remoteId !== null) await service.remove({ id: remoteId, resource });
	for (const remote of await service.list(rows.map(({ resource }) => resource)))
		if (remote.url === url || isOf(trigger, remote.clientState)) await service.remove(remote);
}

async function removeEndpoints({ serviceEndpoints, close }: Registrar, trigger: string): Promise<void> {
	try {
		const { endpoints, steps } = await ownOf(serviceEndpoints, trigger);
		await serviceEndpoints.remove(
			steps.map(({ id }) => id),
			endpoints.map(({ id }) => id),
		);
	} finally {
		close();
	}
}
