import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { NodeContext } from './connection';
import { isBlocked, signInBlocked } from './egress';
import { type Authenticator, type Side, SyncError, systemClock } from '../../engine';
import { getJson } from './serviceCall';

const tokenData = z.object({ access_token: z.string().min(1), n8n_expires_at: z.coerce.number().optional().catch(undefined) });

/** A token is renewed this long before it ends, so that a long request does not outlive it. */
const renewBeforeMs = 120_000;

/**
 * Tokens stay n8n's: the first is fetched by one call of n8n's helper, later ones by its refresh (single-flight over processes); both are kept in the
 * credential. Here they are only read.
 * @param probeUrl an address that answers any signed-in user, asked when the credential holds no token yet
 */
export function oAuth2Authenticator(context: NodeContext, system: Side, credentialType: string, probeUrl: string): Authenticator {
	let token: string | undefined;
	let expiresAt = Infinity;
	let renewal: Promise<void> | undefined;

	const read = async (): Promise<boolean> => {
		const credentials = await context.getCredentials<ICredentialDataDecryptedObject>(credentialType);
		const parsed = tokenData.safeParse(credentials.oauthTokenData);
		if (!parsed.success) return false;
		token = parsed.data.access_token;
		expiresAt = parsed.data.n8n_expires_at ?? Infinity;
		return true;
	};

	const fetchFirst = async (): Promise<void> => {
		let refusal: unknown;
		await getJson(context, system, credentialType, probeUrl).catch((error: unknown) => (refusal = error));
		// A refused probe with a token in hand is left to the real request, whose answer says more.
		if (!(await read())) throw refusal ?? signInFailed(system);
	};

	const renew = async (): Promise<void> => {
		if (!(await read())) return await fetchFirst();
		try {
			await context.helpers.refreshOAuth2Token.call(context, credentialType);
		} catch (error) {
			throw isBlocked(error) ? signInBlocked(system) : signInFailed(system, error);
		}
		await read();
	};

	const once = (work: () => Promise<void>): Promise<void> => (renewal ??= work().finally(() => (renewal = undefined)));

	return {
		async header() {
			if (renewal) await renewal;
			if (token === undefined && !(await read())) await once(fetchFirst);
			else if (expiresAt - systemClock.now() < renewBeforeMs) await once(renew);
			return `Bearer ${token ?? ''}`;
		},
		refresh: () => once(renew),
	};
}

/** The cause is not kept: it holds the token request with the client secret. */
function signInFailed(system: Side, error?: unknown): SyncError {
	const name = system === 'crm' ? 'CRM' : 'Business Central';
	const reason = error instanceof Error ? `: ${(error.message.split('\n')[0] ?? '').slice(0, 300)}` : '.';
	return new SyncError({
		code: 'SIGN_IN_FAILED',
		errorClass: 'setup',
		system,
		message: `Signing in to ${name} failed${reason}`,
		hint: 'Check tenant id, client id, client secret (its value, and whether it has expired) in the credential; with Authorization Code choose Connect again.',
	});
}

const accessKeyFields = z.object({ username: z.string(), accessKey: z.string() });

/** User name and web service access key as HTTP basic authentication ("Web services authentication"). There is nothing to renew. */
export function accessKeyAuthenticator(context: NodeContext): Authenticator {
	let header: Promise<string> | undefined;
	const read = async (): Promise<string> => {
		const { username, accessKey } = accessKeyFields.parse(await context.getCredentials('businessCentralApi'));
		return `Basic ${Buffer.from(`${username}:${accessKey}`, 'utf8').toString('base64')}`;
	};
	return {
		header: () => (header ??= read()),
		refresh: async () => {
			header = undefined;
		},
	};
}
