import type { IExecuteFunctions } from 'n8n-workflow';
import type { LookupFunction } from 'node:net';
import type { NodeContext } from './connection';
import { type Side, SyncError } from '../../engine';

const names: Record<Side, string> = { businessCentral: 'Business Central', crm: 'CRM' };

/** What decides about addresses where the administrator of n8n switched its protection on; n8n before 2.30 has no such filter to ask. */
function egressFilter(context: NodeContext) {
	const helpers: Partial<Pick<IExecuteFunctions['helpers'], 'getSecureEgressFilter'>> = context.helpers;
	return helpers.getSecureEgressFilter?.();
}

/**
 * Asks n8n whether the address may be called; without a filter every address may, as for all nodes.
 * @throws SyncError `ADDRESS_BLOCKED` (setup); `NO_ANSWER` (transient) when the name cannot be resolved, so that nobody can tell
 */
export async function requireAllowed(context: NodeContext, system: Side, url: string): Promise<void> {
	const filter = egressFilter(context);
	if (!filter) return;
	const { host } = new URL(url);
	const verdict = await filter.validateUrl(url).catch((error: unknown) => {
		const { code } = error as { code?: unknown };
		throw new SyncError({
			code: 'NO_ANSWER',
			errorClass: 'transient',
			system,
			message: `${names[system]} cannot be reached: the address of ${host} cannot be found${typeof code === 'string' ? ` (${code})` : ''}.`,
			hint: 'Check the address in the credential and the network; if both are right, try again later.',
		});
	});
	if (!verdict.ok) throw addressBlocked(system, host);
}

/** Name resolution under the rules of the filter, where there is one: what a name means may change after it was allowed. */
export const secureLookup = (context: NodeContext): LookupFunction | undefined =>
	egressFilter(context)?.createSecureLookup() as LookupFunction | undefined;

/** @param where what may not be called: a host, or the sign-in service */
export const addressBlocked = (system: Side, where: string): SyncError =>
	new SyncError({
		code: 'ADDRESS_BLOCKED',
		errorClass: 'setup',
		system,
		message: `This n8n does not allow requests to ${where}.`,
		hint: 'The administrator of n8n can allow the address in the settings of its SSRF protection (N8N_SSRF_ALLOWED_HOSTNAMES, N8N_SSRF_ALLOWED_IP_RANGES).',
	});

export const signInBlocked = (system: Side): SyncError => addressBlocked(system, `the sign-in service of ${names[system]}`);

/** Whether n8n's own helpers refused to call an address. They keep neither class nor name of the refusal, only its words (n8n 2.41, ssrf). */
export function isBlocked(error: unknown, depth = 0): boolean {
	if (typeof error !== 'object' || error === null || depth > 4) return false;
	const { name, message, description, cause, errorResponse } = error as Record<string, unknown>;
	return (
		/^SsrfBlocked/.test(String(name)) ||
		[message, description].some((text) => /The request was blocked because|Server-Side Request Forgery/.test(String(text ?? ''))) ||
		isBlocked(cause ?? errorResponse, depth + 1)
	);
}
