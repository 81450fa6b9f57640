import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { application } from './parts/application';
import { businessCentralAddress as address } from './parts/businessCentralAddress';
import { businessCentralTest } from './parts/connectionTests';

/**
 * Business Central online, or on-premises with Microsoft Entra ID ("Using OAuth to authorize Business Central web services").
 * The hidden fields are computed from the visible ones by n8n, so the node and the connection test use the same addresses.
 */
export class BusinessCentralOAuth2Api implements ICredentialType {
	name = 'businessCentralOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Business Central OAuth2 API';

	icon = { light: 'file:../icons/businessCentral.svg', dark: 'file:../icons/businessCentral.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-dynamics365-sync/n8n-nodes-dynamics365-sync/blob/main/docs/connections/business-central-oauth2.md';

	properties: INodeProperties[] = [
		address.environmentType,
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
					description: 'Synchronize as an application of its own (recommended for scheduled runs; needs no licence seat)',
				},
			],
			default: 'clientCredentials',
			description:
				'Client credentials need the application permission API.ReadWrite.All with admin consent, and a card on the Business Central page Microsoft Entra Applications with state Enabled. Give that card only permission sets for the tables you synchronize, for instance D365 READ with D365 CUSTOMER, EDIT and D365 ITEM, EDIT; it never needs SUPER.',
		},
		address.tenantId,
		address.environmentName,
		address.baseUrl,
		address.audience,
		address.tenant,
		address.defaultCompany,
		address.webClientUrl,
		application.clientId,
		application.clientSecret,
		application.authority,
		address.baseUrlOverride,
		address.rootUrl,
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
				'={{ ($self["audience"] || "https://api.businesscentral.dynamics.com").trim().replace(/\\/+$/, "") + "/.default" + ($self["grantType"] === "authorizationCode" ? " offline_access" : "") }}',
		},
		{ displayName: 'Auth URI Query Parameters', name: 'authQueryParameters', type: 'hidden', default: '' },
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
	];

	/** Of types that extend OAuth2, n8n itself carries tests out, or none. */
	test: ICredentialTestRequest = businessCentralTest;
}
