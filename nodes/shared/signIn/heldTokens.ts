import { createHash } from 'node:crypto';
import type { HttpRequest, ServicePrincipal, Token } from './requestToken';
import { requestToken } from './requestToken';

/** A token is renewed this long before it ends, so that a long request does not outlive it. */
const RENEW_BEFORE_MS = 120_000;

interface Held {
	token?: Token;
	/** Under way: whoever needs a token meanwhile waits for it. */
	request?: Promise<Token>;
}

/**
 * Tokens of this process, in memory only: an application gets a new one at any time, so there is nothing to keep. A credential that was changed in any
 * field is another one.
 */
const held = new Map<string, Held>();

/** Reckoned once for each credential that is read: it is asked for with every request. */
const keys = new WeakMap<ServicePrincipal, string>();

function keyOf(principal: ServicePrincipal): string {
	const key = keys.get(principal) ?? createHash('sha256').update(JSON.stringify(principal)).digest('hex');
	keys.set(principal, key);
	return key;
}

/**
 * @param refused the token that a service answered with 401, if this is why another one is wanted
 * @param now epoch milliseconds
 * @throws as requestToken
 */
export async function tokenOf(principal: ServicePrincipal, http: HttpRequest, now: () => number, refused?: string): Promise<string> {
	const key = keyOf(principal);
	const entry = held.get(key) ?? {};
	held.set(key, entry);
	const { token } = entry;
	if (token && token.value !== refused && token.expiresAt - now() > RENEW_BEFORE_MS) return token.value;
	entry.request ??= requestToken(principal, http, now()).finally(() => (entry.request = undefined));
	entry.token = await entry.request;
	forgetEnded(now());
	return entry.token.value;
}

/** Credentials that were changed leave their last token behind. */
function forgetEnded(now: number): void {
	for (const [key, { token, request }] of held) if (!request && token && token.expiresAt <= now) held.delete(key);
}

/** For tests: as if the process had just started. */
export const forgetTokens = (): void => held.clear();
