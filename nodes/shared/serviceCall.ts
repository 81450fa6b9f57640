import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { NodeContext } from './connection';
import { isBlocked, requireAllowed, signInBlocked } from './egress';
import { type Side, SyncError } from '../../engine';
import { getAsServicePrincipal } from './signIn/getAsServicePrincipal';
import { isServicePrincipal } from './signIn/servicePrincipal';

const names: Record<Side, string> = { businessCentral: 'Business Central', crm: 'CRM' };

/**
 * One GET through n8n's own helper, which signs it and fetches the first token, except for a service principal, whose tokens are fetched here. Only for
 * sign-in, pickers and looking up the company; synchronization itself uses pooled connections.
 * @throws SyncError of class setup (or transient when the service is out of reach) that says in words why there was no answer
 */
export async function getJson(context: NodeContext, system: Side, credentialType: string, url: string): Promise<unknown> {
	await requireAllowed(context, system, url);
	const request: IHttpRequestOptions = {
		method: 'GET',
		url,
		headers: { Accept: 'application/json', 'Accept-Language': 'en-US' },
		json: true,
		timeout: 60_000,
		disableFollowRedirect: true,
	};
	try {
		if (isServicePrincipal(credentialType)) return await getAsServicePrincipal(context, system, credentialType, request);
		return (await context.helpers.httpRequestWithAuthentication.call(context, credentialType, request)) as IDataObject;
	} catch (error) {
		throw explained(error, system, credentialType);
	}
}

const failure = z.object({
	httpCode: z.coerce.number().int().min(100).max(599).optional().catch(undefined),
	message: z.string().catch(''),
});

/** Codes of the system, and what n8n says in their place. */
const UNREACHABLE = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|refused the connection|connection cannot be established/i;

/** n8n's error without its cause: the cause holds headers and, for the token request, the client secret. */
function explained(error: unknown, system: Side, credentialType: string): SyncError {
	if (error instanceof SyncError) return error;
	const { httpCode: httpStatus, message } = failure.parse(error);
	const chain = messagesOf(error).join(' ');
	const name = names[system];
	// The address of the service itself was allowed; the helper also calls the one that gives tokens.
	if (isBlocked(error)) return signInBlocked(system);
	const details = { system, errorClass: 'setup' as const, httpStatus };
	if (/not connected|without access token/i.test(chain)) {
		return new SyncError({
			...details,
			code: 'NOT_CONNECTED',
			message: `The credential for ${name} has not been connected yet.`,
			hint: 'Open the credential and choose Connect, or use the grant type Client Credentials.',
		});
	}
	const signingIn = /access token|invalid_client|unauthorized_client|invalid_scope|AADSTS|invalid_grant|needs to be reconnected/i.test(
		chain,
	);
	if (signingIn && UNREACHABLE.test(chain)) {
		return new SyncError({
			...details,
			errorClass: 'transient',
			code: 'NO_ANSWER',
			message: `The sign-in service of ${name} cannot be reached: ${firstSentence(message)}`,
			hint: 'Check the authority in the credential and the network; if both are right, try again later.',
		});
	}
	if (signingIn) {
		return new SyncError({
			...details,
			code: 'SIGN_IN_FAILED',
			message: `Signing in to ${name} failed: ${firstSentence(chain)}`,
			hint: 'Check tenant id, client id, client secret (its value, and whether it has expired) and authority in the credential.',
		});
	}
	if (httpStatus === 401 || httpStatus === 403) return refused(system, httpStatus, credentialType);
	if (httpStatus === 404 || httpStatus === 405) {
		return new SyncError({
			...details,
			code: 'ADDRESS_WRONG',
			message: `${name} has no such service at the address of the credential (${httpStatus}).`,
			hint:
				system === 'businessCentral'
					? 'Check environment name or Base URL in the credential. On-premises, API services and OData services must be enabled.'
					: 'Check the Environment URL in the credential.',
		});
	}
	return new SyncError({
		...details,
		errorClass: 'transient',
		code: httpStatus === undefined ? 'NO_ANSWER' : 'SERVICE_ERROR',
		message:
			httpStatus === undefined
				? `${name} cannot be reached: ${firstSentence(message)}`
				: `${name} answered with status ${httpStatus}: ${firstSentence(message)}`,
		hint: 'Check the address in the credential and the network; if both are right, try again later.',
	});
}

function refused(system: Side, httpStatus: 401 | 403, credentialType: string): SyncError {
	const key = credentialType === 'businessCentralApi';
	const hints = {
		businessCentral:
			httpStatus === 401
				? key
					? 'Check the credential: user name and web service access key. The key may have expired (in Business Central on the card of the user, which the page Users opens).'
					: 'Check the credential. For applications, the page Microsoft Entra Applications in Business Central must list the client id with state Enabled.'
				: 'The user lacks permissions. Give it permission sets for the tables to synchronize and for companies.',
		crm:
			httpStatus === 401
				? 'Check the credential; client id and tenant must belong to the environment.'
				: 'The environment must have an application user for this client id, with a security role (page Application users of the Power Platform admin center).',
	};
	return new SyncError({
		code: httpStatus === 401 ? 'UNAUTHORIZED' : 'PRIVILEGE_MISSING',
		errorClass: 'setup',
		system,
		httpStatus,
		message: `${names[system]} refused the ${httpStatus === 401 ? 'sign-in' : 'request: a privilege is missing'} (${httpStatus}).`,
		hint: hints[system],
	});
}

/** Messages of the error and of what it was made from; never headers or bodies. */
function messagesOf(error: unknown, depth = 0): string[] {
	if (typeof error !== 'object' || error === null || depth > 4) return [];
	const { message, description, cause, errorResponse } = error as Record<string, unknown>;
	return [
		...[message, description].filter((text): text is string => typeof text === 'string' && text !== ''),
		...messagesOf(cause ?? errorResponse, depth + 1),
	];
}

const firstSentence = (text: string): string => {
	const line = text.split(/\r?\n/)[0]?.trim() ?? '';
	return line.length > 300 ? `${line.slice(0, 300)}…` : line || 'no reason was given.';
};
