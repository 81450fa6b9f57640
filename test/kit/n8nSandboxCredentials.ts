import type { SandboxAddresses } from '../../sandbox/core/types';
import { defaultIdentities, tenantId } from '../../sandbox/login/identities';
import type { CredentialValues } from './n8nCredentials';

/**
 * Credentials for a sandbox that listens, as a user would fill them in: all ways to Business Central, and to CRM, all signing in as the sandbox's
 * application SYNC; the service principals with its secret.
 */
export function sandboxCredentials(addresses: SandboxAddresses): CredentialValues {
	const [sync] = defaultIdentities;
	const application = sync?.application;
	if (!sync || !application) throw new Error('The sandbox has no application to sign in as.');
	const registration = { ...application, grantType: 'clientCredentials', tenantId, authority: addresses.login };
	const environment = {
		environmentType: 'online',
		environmentName: 'sandbox',
		baseUrlOverride: `${addresses.businessCentral}/v2.0/sandbox`,
	};
	const principal = { ...application, clientAuthentication: 'clientSecret', tenantId, authority: addresses.login };
	return {
		businessCentralOAuth2Api: { ...registration, ...environment },
		businessCentralServicePrincipalApi: { ...principal, ...environment },
		businessCentralApi: {
			baseUrl: `${addresses.businessCentral}/v2.0/sandbox`,
			username: sync.businessCentralUser,
			accessKey: sync.accessKey,
		},
		dataverseRegistrationApi: { ...principal, environmentUrl: addresses.crm, ownershipModel: 'person' },
		dataverseServicePrincipalApi: { ...principal, environmentUrl: addresses.crm, ownershipModel: 'person' },
		dataverseOAuth2Api: { ...registration, environmentUrl: addresses.crm, ownershipModel: 'person' },
	};
}
