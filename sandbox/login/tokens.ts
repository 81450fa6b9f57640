import { randomBytes } from 'node:crypto';
import type { Clock } from '../core/clock';
import type { Identity } from './identities';

export type Audience = 'businessCentral' | 'crm';

interface Grant {
	identity: Identity;
	audience: Audience;
	expires: number;
}

/** Access tokens, refresh tokens and authorization codes that were given out, with their life on the sandbox's clock. */
export class Tokens {
	/** Life of an access token in seconds. Microsoft Entra gives about an hour. */
	lifeSeconds = 3599;
	private access = new Map<string, Grant>();
	private refresh = new Map<string, { identity: Identity; scope: string; clientId: string }>();

	constructor(private readonly clock: Clock) {}

	issue(identity: Identity, audience: Audience): string {
		const token = `eyJ0eXAiOiJKV1QifQ.${randomBytes(24).toString('base64url')}.${randomBytes(32).toString('base64url')}`;
		this.access.set(token, { identity, audience, expires: this.clock.now() + this.lifeSeconds * 1000 });
		return token;
	}

	issueRefresh(identity: Identity, scope: string, clientId: string): string {
		const token = `0.sandbox-refresh-${randomBytes(48).toString('base64url')}`;
		this.refresh.set(token, { identity, scope, clientId });
		return token;
	}

	refreshGrant(token: string): { identity: Identity; scope: string; clientId: string } | undefined {
		return this.refresh.get(token);
	}

	/** The identity a bearer token stands for; undefined when unknown, expired or made for the other service. */
	identityOf(token: string, audience: Audience): Identity | undefined {
		const grant = this.access.get(token);
		return grant && grant.audience === audience && grant.expires > this.clock.now() ? grant.identity : undefined;
	}

	/** Ends all access tokens now; refresh tokens stay good. */
	expireAll(): void {
		this.access.clear();
	}

	/** Withdraws refresh tokens too, as an administrator who revokes sessions does. */
	revokeAll(): void {
		this.access.clear();
		this.refresh.clear();
	}
}
