import type { IExecuteFunctions } from 'n8n-workflow';
import type { LookupFunction } from 'node:net';
import type { NodeContext } from './connection';
import { createAxiosTransport, SyncError, type Side, type Transport } from './engine';

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
	const lookup = await allowedLookup(context, system, rootUrl);
	const key = new URL(rootUrl).origin;
	let entry = pool.get(key);
	if (!entry) {
		entry = { transport: createAxiosTransport({ maxSockets, proxyEnv: process.env, lookup, userAgent }), users: 0 };
		pool.set(key, entry);
	}
	const leased = entry;
	leased.users += 1;
	clearTimeout(leased.idle);
	let released = false;
	return {
		transport: leased.transport,
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

/** n8n before 2.30 has no filter to ask; then every address is allowed, as for all its nodes. */
async function allowedLookup(context: NodeContext, system: Side, rootUrl: string): Promise<LookupFunction | undefined> {
	const helpers: Partial<Pick<IExecuteFunctions['helpers'], 'getSecureEgressFilter'>> = context.helpers;
	const filter = helpers.getSecureEgressFilter?.();
	if (!filter) return undefined;
	const verdict = await filter.validateUrl(rootUrl);
	if (verdict.ok) return filter.createSecureLookup() as LookupFunction;
	throw new SyncError({
		code: 'ADDRESS_BLOCKED',
		errorClass: 'setup',
		system,
		message: `This n8n does not allow requests to ${new URL(rootUrl).host}.`,
		hint: 'The administrator of n8n can allow the address in the settings of its SSRF protection.',
	});
}
