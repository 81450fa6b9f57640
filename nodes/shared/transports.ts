import type { NodeContext } from './connection';
import { requireAllowed, secureLookup } from './egress';
import { createAxiosTransport, NoAnswer, type Side, type Transport } from '../../engine';

/** Connections to one origin stay open this long after the last run that used them. */
const idleMs = 60_000;
/** More than the services let one user have under way (Dataverse recommends up to 52 with `x-ms-dop-hint`). */
const maxSockets = 64;
const userAgent = 'n8n-nodes-dynamics365-sync';

interface Pooled {
	transport: Transport & { close(): void };
	users: number;
	idle?: NodeJS.Timeout;
}

/** Shared by all executions of this process: n8n loads a package's modules once. */
const pool = new Map<string, Pooled>();

export interface LeasedTransport {
	transport: Transport;
	/** Gives the connections back; calling it again does nothing. */
	release(): void;
}

/**
 * Kept-alive connections to one origin, under the rules of n8n's egress filter where the administrator set one.
 * @throws SyncError of class setup when n8n does not allow the address
 */
export async function leaseTransport(context: NodeContext, system: Side, rootUrl: string): Promise<LeasedTransport> {
	await requireAllowed(context, system, rootUrl);
	const key = new URL(rootUrl).origin;
	let entry = pool.get(key);
	if (!entry) {
		entry = { transport: createAxiosTransport({ maxSockets, proxyEnv: process.env, lookup: secureLookup(context), userAgent }), users: 0 };
		pool.set(key, entry);
	}
	const leased = entry;
	leased.users += 1;
	clearTimeout(leased.idle);
	let released = false;
	return {
		transport: (request) =>
			leased.transport(request).catch(async (error: unknown) => {
				if (error instanceof NoAnswer && /LOOKUP_REFUSED/.test(error.message)) await requireAllowed(context, system, rootUrl);
				return await Promise.reject(error);
			}),
		release: () => {
			if (released) return;
			released = true;
			leased.users -= 1;
			if (leased.users === 0) leased.idle = setTimeout(() => closeUnused(key, leased), idleMs).unref();
		},
	};
}

function closeUnused(key: string, entry: Pooled): void {
	if (entry.users > 0) return;
	if (pool.get(key) === entry) pool.delete(key);
	entry.transport.close();
}
