import type { IHttpRequestOptions } from 'n8n-workflow';
import { z } from 'zod/v4';
import { isBlocked } from '../egress';
import { mayTravel } from '../privateNetwork';
import { ASSERTION_TYPE, clientAssertion } from './clientAssertion';
import { readClientCertificate } from './clientCertificate';
import { type Proof, refusedByEntra } from './entraAnswer';
import { SignInRefused } from './signInRefused';

const text = z.string().catch('');

/** Fields of a service principal's credential, as n8n gives them out. */
const credentialFields = z.object({
	clientAuthentication: z.enum(['certificate', 'clientSecret']).catch('certificate'),
	clientId: text,
	clientSecret: text,
	privateKey: text,
	certificate: text,
	accessTokenUrl: text,
	scope: text,
});

/** An application that signs in as itself. */
export interface ServicePrincipal {
	proof: Proof;
	clientId: string;
	clientSecret: string;
	privateKey: string;
	/** PEM or thumbprint. */
	certificate: string;
	tokenUrl: string;
	scope: string;
}

export interface Token {
	value: string;
	/** Epoch milliseconds. */
	expiresAt: number;
}

/** n8n's `helpers.httpRequest`. */
export type HttpRequest = (options: IHttpRequestOptions) => Promise<unknown>;

/** @param credentials decrypted, with computed fields */
export function servicePrincipalOf(credentials: unknown): ServicePrincipal {
	const { clientAuthentication, accessTokenUrl, ...fields } = credentialFields.parse(credentials);
	return {
		...fields,
		clientId: fields.clientId.trim(),
		tokenUrl: accessTokenUrl,
		proof: clientAuthentication === 'certificate' ? 'certificate' : 'secret',
	};
}

const answer = z.object({ statusCode: z.number(), body: z.unknown() });
const granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().catch(3599) });

/**
 * A token by client credentials, with a secret or with an assertion signed by the certificate's key.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 * @param now epoch milliseconds
 * @throws SignInRefused in words; whatever the HTTP client throws stays inside, because it holds the request
 * @throws what n8n's protection against server-side request forgery says, as it is
 */
export async function requestToken(principal: ServicePrincipal, http: HttpRequest, now: number): Promise<Token> {
	requireComplete(principal);
	const form = new URLSearchParams({
		grant_type: 'client_credentials',
		client_id: principal.clientId,
		scope: principal.scope,
		...proofOf(principal, now),
	});
	const { statusCode, body } = await post(principal.tokenUrl, form, http);
	const token = granted.safeParse(body);
	if (statusCode < 200 || statusCode >= 300 || !token.success) throw refusedByEntra(statusCode, body, principal.proof);
	return { value: token.data.access_token, expiresAt: now + token.data.expires_in * 1000 };
}

const proofOf = (principal: ServicePrincipal, now: number): Record<string, string> =>
	principal.proof === 'secret'
		? { client_secret: principal.clientSecret }
		: {
				client_assertion_type: ASSERTION_TYPE,
				client_assertion: clientAssertion(
					principal.clientId,
					principal.tokenUrl,
					readClientCertificate(principal.privateKey, principal.certificate, now),
					now,
				),
			};

/** In words: where a message holds such a code, n8n puts a sentence of its own in its place, which does not say whose service is meant. */
const UNREACHABLE: Record<string, string> = {
	ECONNREFUSED: ': it refuses connections',
	ENOTFOUND: ': its name is not known',
	EAI_AGAIN: ': its name cannot be looked up',
	ETIMEDOUT: ': it does not answer',
	ECONNABORTED: ': it does not answer',
	ECONNRESET: ': it broke the connection off',
	SELF_SIGNED_CERT_IN_CHAIN: ': its certificate is not trusted',
	DEPTH_ZERO_SELF_SIGNED_CERT: ': its certificate is not trusted',
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: ': its certificate is not trusted',
	CERT_HAS_EXPIRED: ': its certificate has expired',
};

/** Why nobody answered, by the code of the HTTP client; empty where it says nothing. */
export const unreachable = (code: unknown): string => UNREACHABLE[String(code)] ?? '';

async function post(url: string, form: URLSearchParams, http: HttpRequest): Promise<z.infer<typeof answer>> {
	try {
		return answer.parse(
			await http({
				method: 'POST',
				url,
				body: form,
				headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
				timeout: 60_000,
				disableFollowRedirect: true,
				ignoreHttpStatusErrors: true,
				returnFullResponse: true,
			}),
		);
	} catch (error) {
		return noAnswer(error);
	}
}

function noAnswer(error: unknown): never {
	if (isBlocked(error)) throw error;
	const { code } = error as { code?: unknown };
	throw new SignInRefused(
		'noAnswer',
		`The sign-in service cannot be reached${unreachable(code)}.`,
		'Check Authority in the credential, and the network; if both are right, try again later.',
	);
}

function requireComplete({ clientId, clientSecret, proof, tokenUrl, scope }: ServicePrincipal): void {
	const missing = (what: string): SignInRefused =>
		new SignInRefused('failed', `The credential has no ${what}.`, 'Open the credential and fill it in.');
	if (!clientId) throw missing('client ID');
	if (proof === 'secret' && !clientSecret) throw missing('client secret');
	if (scope === '' || scope.startsWith('/')) throw missing('address of the service');
	const address = URL.parse(tokenUrl);
	if (!address || !/^https?:$/.test(address.protocol) || address.pathname.startsWith('//')) throw missing('usable tenant ID or authority');
	if (mayTravel(address)) return;
	throw new SignInRefused(
		'failed',
		`The credential would send its proof unencrypted to ${address.hostname}.`,
		'Let Authority begin with https://. Addresses with http:// are called within a private network only.',
	);
}
