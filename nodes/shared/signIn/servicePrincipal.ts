import { type Authenticator, type ErrorClass, type Side, SyncError, systemClock } from '../../../engine';
import type { NodeContext } from '../connection';
import { isBlocked, requireAllowed, signInBlocked } from '../egress';
import { tokenOf } from './heldTokens';
import { type ServicePrincipal, servicePrincipalOf } from './requestToken';
import { type SignInReason, SignInRefused } from './signInRefused';

const names: Record<Side, string> = { businessCentral: 'Business Central', crm: 'CRM' };
const TYPES: ReadonlySet<string> = new Set([
	'businessCentralServicePrincipalApi',
	'dataverseServicePrincipalApi',
	'dataverseRegistrationApi',
]);

/** Whether tokens for this type of credential are fetched here, and not by n8n's OAuth2. */
export const isServicePrincipal = (credentialType: string): boolean => TYPES.has(credentialType);

/**
 * `Authorization` headers of an application that signs in with certificate or secret. The credential is read once; a token that was refused is
 * fetched again with what the credential holds by then.
 */
export function servicePrincipalAuthenticator(context: NodeContext, system: Side, credentialType: string): Authenticator {
	let principal: Promise<ServicePrincipal> | undefined;
	let token: string | undefined;

	const read = async (): Promise<ServicePrincipal> => {
		const found = servicePrincipalOf(await context.getCredentials(credentialType));
		if (URL.canParse(found.tokenUrl)) {
			await requireAllowed(context, system, found.tokenUrl).catch((error: unknown) => throwIfBlocked(error, system));
		}
		return found;
	};
	const fetch = async (refused?: string): Promise<string> => {
		try {
			principal ??= read();
			token = await tokenOf(await principal, (options) => context.helpers.httpRequest(options), systemClock.now, refused);
			return token;
		} catch (error) {
			principal = undefined;
			throw toSyncError(error, system);
		}
	};
	return {
		header: async () => `Bearer ${await fetch()}`,
		refresh: async () => {
			const refused = token;
			principal = undefined;
			await fetch(refused);
		},
	};
}

/** An address that may not be called is the sign-in service's here; whether there is one by that name, the request itself will say. */
function throwIfBlocked(error: unknown, system: Side): void {
	if (!(error instanceof SyncError)) throw error;
	if (error.code === 'ADDRESS_BLOCKED') throw signInBlocked(system);
}

const codes: Record<SignInReason, { code: string; errorClass: ErrorClass }> = {
	unusable: { code: 'CERTIFICATE_UNUSABLE', errorClass: 'setup' },
	expired: { code: 'CERTIFICATE_EXPIRED', errorClass: 'setup' },
	refused: { code: 'CERTIFICATE_REFUSED', errorClass: 'setup' },
	failed: { code: 'SIGN_IN_FAILED', errorClass: 'setup' },
	noAnswer: { code: 'NO_ANSWER', errorClass: 'transient' },
};

function toSyncError(error: unknown, system: Side): unknown {
	if (isBlocked(error)) return signInBlocked(system);
	if (!(error instanceof SignInRefused)) return error;
	return new SyncError({
		...codes[error.reason],
		system,
		message: `Signing in to ${names[system]} failed: ${error.what}`,
		hint: error.remedy,
	});
}
