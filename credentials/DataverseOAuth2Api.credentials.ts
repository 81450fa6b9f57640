import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { application } from './parts/application';
import { crmTest } from './parts/connectionTests';
import { crmEnvironment as environment } from './parts/crmEnvironment';

/**
 * The CRM connection: Dynamics 365 Sales / Dataverse, as application user or as signed-in user ("Use OAuth authentication with Microsoft
 * Dataverse"). `offline_access` is asked for only when a user signs in: Microsoft Entra refuses it for applications.
 */
export class DataverseOAuth2Api implements ICredentialType {
	name = 'dataverseOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'CRM Connection (Dataverse) OAuth2 API';

	icon = { light: 'file:../icons/dataverse.svg', dark: 'file:../icons/dataverse.dark.svg' } as const;

	documentationUrl = 'https://github.com/n8n-nodes-dynamics365-sync/n8n-nodes-dynamics365-sync/blob/main/docs/connections/dataverse.md';

	properties: INodeProperties[] = [
		environment.environmentUrl,
		{
			displayName: 'Grant Type',
			name: 'grantType',
			type: 'options',
			options: [
				{
					name: 'Authorization Code',
					value: 'authorizationCode',
					description: 'Synchronize as the user who signs in here',
				},
				{
					name: 'Client Credentials',
					value: 'clientCredentials',
					description: 'Synchronize as an application user (recommended for scheduled runs)',
				},
			],
			default: 'clientCredentials',
			description:
				'Client credentials need an application user in the environment (Power Platform admin center → Settings → Users + permissions → Application users). Give it a security role with Create, Read, Write, Append and Append To on the tables you synchronize; Delete only where runs may delete. It never needs System Administrator.',
		},
		environment.tenantId,
		{
			...application.clientId,
			description:
				'Application (client) ID. Azure portal → App registrations → your application → Overview. With Authorization Code the application needs the delegated permission Dynamics CRM → user_impersonation.',
		},
		application.clientSecret,
		environment.ownershipModel,
		application.authority,
		environment.rootUrl,
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default:
				'={{ ($self["authority"] || "").trim().replace(/\\/+$/, "") + "/" + ($self["tenantId"] || "").trim() + "/oauth2/v2.0/authorize" }}',
		},
		application.accessTokenUrl,
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'hidden',
			default:
				'={{ ($self["environmentUrl"] || "").trim().replace(/\\/+$/, "") + "/.default" + ($self["grantType"] === "authorizationCode" ? " offline_access" : "") }}',
		},
		{ displayName: 'Auth URI Query Parameters', name: 'authQueryParameters', type: 'hidden', default: '' },
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
	];

	/** Of types that extend OAuth2, n8n itself carries tests out, or none. */
	test: ICredentialTestRequest = crmTest;
}
