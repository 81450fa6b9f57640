import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock';
import type { OperationContext } from '../core/context';
import type { Service } from '../core/gateway';
import type { SandboxRequest, SandboxResponse } from '../core/http';
import { ASSERTION_TYPE, verifyAssertion } from './clientAssertion';
import { defaultIdentities, tenantId, type Identity } from './identities';
import { Refused } from './refused';
import { Tokens, type Audience } from './tokens';

interface Code {
	identity: Identity;
	clientId: string;
	redirectUri: string;
	scope: string;
	challenge: string | null;
	method: string;
	expires: number;
}

/**
 * The token endpoint of both services: `/{tenant}/oauth2/v2.0/token` (client_credentials, authorization_code with PKCE, refresh_token; applications prove
 * themselves by secret or by an assertion signed with a registered certificate) and
 * `/{tenant}/oauth2/v2.0/authorize`, which signs the person named by `login_hint` (default: the first person) in without asking; and
 * `/{tenant}/v2.0/.well-known/openid-configuration`.
 */
export class LoginSandbox implements Service {
	readonly tokens: Tokens;
	readonly identities: Identity[] = [...defaultIdentities];
	/** Origins whose scopes mean Business Central, besides https://api.businesscentral.dynamics.com. */
	readonly businessCentralOrigins = new Set(['http://bc.sandbox', 'https://api.businesscentral.dynamics.com']);
	private readonly codes = new Map<string, Code>();
	/** PEM certificates by client id. */
	private readonly certificates = new Map<string, string[]>();

	constructor(private readonly clock: Clock) {
		this.tokens = new Tokens(clock);
	}

	/** Makes all access tokens invalid, as if their hour were over. */
	expireAll(): void {
		this.tokens.expireAll();
	}

	/** Uploads a certificate (PEM) to an application, as an administrator does under "Certificates & secrets". */
	registerCertificate(clientId: string, pem: string): void {
		this.certificates.set(clientId, [...(this.certificates.get(clientId) ?? []), pem]);
	}

	/** A token without a request, for tests. `user` is a Business Central user name, a systemuserid or a client id. */
	token(audience: Audience, user = 'SYNC'): string {
		const identity = this.find(user);
		if (!identity) throw new Error(`No identity ${user} in the sandbox.`);
		return this.tokens.issue(identity, audience);
	}

	find(user: string): Identity | undefined {
		const wanted = user.toLowerCase();
		return this.identities.find(({ businessCentralUser, crmUser, email, application }) =>
			[businessCentralUser, crmUser, email, application?.clientId].some((name) => name?.toLowerCase() === wanted),
		);
	}

	/** The identity behind an Authorization header. Basic authentication is known to Business Central only. */
	identityOf(audience: Audience, authorization: string | undefined): Identity | null {
		const [scheme, value = ''] = (authorization ?? '').split(/\s+/, 2);
		if (scheme?.toLowerCase() === 'bearer') return this.tokens.identityOf(value, audience) ?? null;
		if (scheme?.toLowerCase() !== 'basic' || audience !== 'businessCentral') return null;
		const [user = '', ...key] = Buffer.from(value, 'base64').toString('utf8').split(':');
		const identity = this.find(user);
		return identity && identity.accessKey === key.join(':') ? identity : null;
	}

	authenticate(): string | null {
		return null;
	}

	async handle(request: SandboxRequest, context: OperationContext): Promise<SandboxResponse> {
		await context.beginOperation(request.method, request.url);
		const answer = this.answer(request);
		context.endOperation(answer.status, 0);
		return answer;
	}

	private answer(request: SandboxRequest): SandboxResponse {
		const url = new URL(request.url);
		const document = /^\/([^/]+)\/v2\.0\/\.well-known\/openid-configuration$/.exec(url.pathname)?.[1];
		const [, tenant = document ?? '', endpoint = ''] = /^\/([^/]+)\/oauth2\/(?:v2\.0\/)?(token|authorize)\/?$/.exec(url.pathname) ?? [];
		try {
			if (![tenantId, 'common', 'organizations', 'cronus.example'].includes(tenant.toLowerCase())) {
				throw new Refused('invalid_request', 90002, `Tenant '${tenant}' not found.`);
			}
			if (document !== undefined) return json(200, openIdConfiguration(url.origin, tenant));
			if (endpoint === 'authorize') return this.authorize(request.method === 'POST' ? new URLSearchParams(request.body) : url.searchParams);
			if (request.method !== 'POST') throw new Refused('invalid_request', 900561, 'The endpoint only accepts POST requests.', 405);
			return json(200, this.grant(new URLSearchParams(request.body), request.headers['authorization'], url));
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			const trace = randomBytes(8).toString('hex');
			return json(error.status, {
				error: error.error,
				error_description: `AADSTS${error.aadsts}: ${error.message} Trace ID: ${trace} Timestamp: ${new Date(this.clock.now()).toISOString()}`,
				error_codes: [error.aadsts],
				trace_id: trace,
			});
		}
	}

	private grant(form: URLSearchParams, authorization: string | undefined, endpoint: URL): Record<string, unknown> {
		const client = this.client(form, authorization, endpoint);
		const type = required(form, 'grant_type');
		if (type === 'client_credentials') {
			const scope = required(form, 'scope');
			if (!scope.endsWith('/.default'))
				throw new Refused('invalid_scope', 1002012, `The provided value for scope ${scope} is not valid; it must end with /.default.`);
			return this.tokenAnswer(client.identity, scope);
		}
		if (type === 'authorization_code') {
			const code = this.redeem(form, client.clientId);
			return this.tokenAnswer(code.identity, form.get('scope') ?? code.scope, client.clientId, code.scope);
		}
		if (type === 'refresh_token') {
			const known = this.tokens.refreshGrant(required(form, 'refresh_token'));
			if (!known || known.clientId !== client.clientId)
				throw new Refused('invalid_grant', 70000, 'The refresh token is invalid or has been revoked.');
			return this.tokenAnswer(known.identity, form.get('scope') ?? known.scope, client.clientId, known.scope);
		}
		throw new Refused('unsupported_grant_type', 70003, `The app requested an unsupported grant type '${type}'.`);
	}

	private client(form: URLSearchParams, authorization: string | undefined, endpoint: URL): { identity: Identity; clientId: string } {
		let clientId = form.get('client_id') ?? '';
		let secret = form.get('client_secret') ?? '';
		const basic = /^basic\s+(.+)$/i.exec(authorization ?? '');
		if (basic) [clientId = '', secret = ''] = Buffer.from(basic[1]!, 'base64').toString('utf8').split(':').map(decodeURIComponent);
		if (!clientId) throw new Refused('invalid_request', 900144, "The request body must contain the following parameter: 'client_id'.");
		const identity = this.identities.find(({ application }) => application?.clientId === clientId);
		if (!identity)
			throw new Refused('unauthorized_client', 700016, `Application with identifier '${clientId}' was not found in the directory.`);
		const assertion = form.get('client_assertion');
		if (assertion !== null) {
			if (form.get('client_assertion_type') !== ASSERTION_TYPE)
				throw new Refused('invalid_request', 900144, "The request body must contain the following parameter: 'client_assertion_type'.");
			const audiences = [`${endpoint.origin}${endpoint.pathname}`, `https://login.microsoftonline.com/${tenantId}/v2.0`];
			verifyAssertion(assertion, clientId, this.certificates.get(clientId) ?? [], { audiences, now: this.clock.now() });
			return { identity, clientId };
		}
		if (!secret)
			throw new Refused(
				'invalid_client',
				7000218,
				"The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
				401,
			);
		if (identity.application?.clientSecret !== secret) throw new Refused('invalid_client', 7000215, 'Invalid client secret provided.', 401);
		return { identity, clientId };
	}

	private tokenAnswer(identity: Identity, scope: string, clientId?: string, consented = scope): Record<string, unknown> {
		const offline = clientId !== undefined && `${scope} ${consented}`.split(' ').includes('offline_access');
		return {
			token_type: 'Bearer',
			expires_in: this.tokens.lifeSeconds,
			ext_expires_in: this.tokens.lifeSeconds,
			...(clientId === undefined ? {} : { scope }),
			access_token: this.tokens.issue(identity, this.audience(scope)),
			...(offline ? { refresh_token: this.tokens.issueRefresh(identity, consented, clientId) } : {}),
		};
	}

	private audience(scope: string): Audience {
		const resource = scope.split(' ').find((part) => /^https?:\/\//.test(part));
		if (!resource) throw new Refused('invalid_scope', 70011, `The provided value for the input parameter 'scope' is not valid: ${scope}.`);
		return this.businessCentralOrigins.has(new URL(resource).origin) ? 'businessCentral' : 'crm';
	}

	private authorize(query: URLSearchParams): SandboxResponse {
		const clientId = required(query, 'client_id');
		if (!this.identities.some(({ application }) => application?.clientId === clientId)) {
			throw new Refused('unauthorized_client', 700016, `Application with identifier '${clientId}' was not found in the directory.`);
		}
		const redirectUri = required(query, 'redirect_uri');
		const hint = query.get('login_hint');
		const identity = hint ? this.find(hint) : this.identities.find(({ application }) => !application);
		if (!identity) throw new Refused('invalid_grant', 50034, `The user account ${hint ?? ''} does not exist in the directory.`);
		const code = randomBytes(32).toString('base64url');
		this.codes.set(code, {
			identity,
			clientId,
			redirectUri,
			scope: query.get('scope') ?? '',
			challenge: query.get('code_challenge'),
			method: query.get('code_challenge_method') ?? 'plain',
			expires: this.clock.now() + 600_000,
		});
		const target = new URL(redirectUri);
		target.searchParams.set('code', code);
		if (query.has('state')) target.searchParams.set('state', query.get('state') ?? '');
		return { status: 302, headers: { location: target.toString() }, body: '' };
	}

	private redeem(form: URLSearchParams, clientId: string): Code {
		const text = required(form, 'code');
		const code = this.codes.get(text);
		this.codes.delete(text);
		if (!code || code.clientId !== clientId)
			throw new Refused('invalid_grant', 54005, 'OAuth2 Authorization code was already redeemed or is unknown.');
		if (code.expires <= this.clock.now()) throw new Refused('invalid_grant', 70008, 'The provided authorization code has expired.');
		if (form.get('redirect_uri') !== code.redirectUri)
			throw new Refused('invalid_client', 50011, 'The redirect URI does not match the one of the authorization request.');
		const verifier = form.get('code_verifier') ?? '';
		const answer = code.method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier;
		if (code.challenge !== null && answer !== code.challenge)
			throw new Refused('invalid_grant', 501481, 'The Code_Verifier does not match the code_challenge.');
		return code;
	}
}

/**
 * What anybody may read about a tenant: its GUID in `issuer`, whichever of its domains was asked for.
 * Source: https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc#find-your-apps-openid-configuration-document-uri
 */
function openIdConfiguration(origin: string, tenant: string): Record<string, unknown> {
	const issuer = /^(common|organizations)$/i.test(tenant) ? '{tenantid}' : tenantId;
	return {
		token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
		authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
		issuer: `https://login.microsoftonline.com/${issuer}/v2.0`,
		response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
		scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
	};
}

function required(form: URLSearchParams, name: string): string {
	const value = form.get(name);
	if (!value) throw new Refused('invalid_request', 900144, `The request body must contain the following parameter: '${name}'.`);
	return value;
}

const json = (status: number, body: unknown): SandboxResponse => ({
	status,
	headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
	body: JSON.stringify(body),
});
