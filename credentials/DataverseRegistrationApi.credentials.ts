import type { IAuthenticateGeneric, ICredentialType, INodeProperties } from 'n8n-workflow';
import { DataverseServicePrincipalApi } from './DataverseServicePrincipalApi.credentials';

const application = new DataverseServicePrincipalApi();

/**
 * An application user that may register webhooks in Dataverse. By default only System Administrators may, and these rights let their holder send any table's
 * rows to any address: so they are not those of the application user that synchronizes.
 */
export class DataverseRegistrationApi implements ICredentialType {
	name = 'dataverseRegistrationApi';

	displayName = 'CRM Registration of Webhooks (Dataverse) API';

	icon = { light: 'file:../icons/dataverse.svg', dark: 'file:../icons/dataverse.dark.svg' } as const;

	documentationUrl = 'https://github.com/n8n-nodes-dynamics365-sync/n8n-nodes-dynamics365-sync/blob/main/docs/connections/webhooks.md';

	// The same fields, signed in the same way; what they are is said once. Who owns rows is no matter of webhooks.
	properties: INodeProperties[] = application.properties
		.filter(({ name }) => name !== 'ownershipModel')
		.map((property) =>
			property.name === 'clientId'
				? {
						...property,
						description:
							'Application (client) ID. Azure portal → App registrations → your application → Overview. Its application user needs to create, change and delete service endpoints and SDK message processing steps; by default only System Administrator may. Not the application that synchronizes.',
					}
				: property,
		);

	preAuthentication = application.preAuthentication;

	authenticate: IAuthenticateGeneric = application.authenticate;
}
