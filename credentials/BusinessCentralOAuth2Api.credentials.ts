import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

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
		'https://learn.microsoft.com/dynamics365/business-central/dev-itpro/administration/automation-apis-using-s2s-authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment Type',
			name: 'environmentType',
			type: 'options',
			options: [
				{ name: 'Online', value: 'online', description: 'Business Central online (SaaS)' },
				{
					name: 'On-Premises',
					value: 'onPremises',
					description: 'Your own Business Central Server that signs in through Microsoft Entra ID',
				},
			],
			default: 'online',
			description:
				'Where Business Central runs. Servers with user names and web service access keys use the credential Business Central API.',
		},
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
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			default: '',
			required: true,
			placeholder: '00000000-0000-0000-0000-000000000000',
			description:
				'Directory (tenant) ID. Azure portal → Microsoft Entra ID → Overview. In Business Central: Help & Support → Microsoft Entra tenant.',
		},
		{
			displayName: 'Environment Name',
			name: 'environmentName',
			type: 'string',
			displayOptions: { show: { environmentType: ['online'] } },
			default: 'Production',
			required: true,
			description: 'Name of the environment as the Business Central admin center lists it, for instance Production',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			displayOptions: { show: { environmentType: ['onPremises'] } },
			default: '',
			required: true,
			placeholder: 'https://bc.example.com:7048/BC',
			description:
				'Root of the OData services including the server instance. Business Central Administration → OData Services → OData Base URL, without /ODataV4. API services and OData services must be enabled.',
		},
		{
			displayName: 'Application ID URI',
			name: 'audience',
			type: 'string',
			displayOptions: { show: { environmentType: ['onPremises'] } },
			default: 'https://api.businesscentral.dynamics.com',
			description: 'What the token is asked for. It must be one of the Valid Audiences of the server instance.',
		},
		{
			displayName: 'Tenant',
			name: 'tenant',
			type: 'string',
			displayOptions: { show: { environmentType: ['onPremises'] } },
			default: '',
			placeholder: 'contoso',
			description:
				'Only for a server with several tenants: the id of the tenant, as in ?tenant= of the addresses on the page Web Services. Leave empty otherwise.',
		},
		{
			displayName: 'Web Client URL',
			name: 'webClientUrl',
			type: 'string',
			displayOptions: { show: { environmentType: ['onPremises'] } },
			default: '',
			placeholder: 'https://bc.example.com/BC',
			description: 'Address of the web client, used for the links to records in logs. Leave empty for no links.',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			description: 'Application (client) ID. Azure portal → App registrations → your application → Overview.',
		},
		{
			displayName: 'Client Secret',
			name: 'clientSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'Value (not the ID) of a client secret. Azure portal → App registrations → your application → Certificates & secrets.',
		},
		{
			displayName: 'Authority',
			name: 'authority',
			type: 'string',
			default: 'https://login.microsoftonline.com',
			description: 'Address of the sign-in service. Change it only for national clouds, or for a local token endpoint.',
		},
		{
			displayName: 'Base URL Override',
			name: 'baseUrlOverride',
			type: 'string',
			displayOptions: { show: { environmentType: ['online'] } },
			default: '',
			placeholder: 'https://api.businesscentral.dynamics.com/v2.0/Production',
			description:
				'Address to call instead of the usual one, up to and including the environment. Leave empty unless calls go through a gateway.',
		},
		{
			displayName: 'Root URL',
			name: 'rootUrl',
			type: 'hidden',
			default:
				'={{ ($self["environmentType"] === "onPremises" ? ($self["baseUrl"] || "") : ($self["baseUrlOverride"] || "https://api.businesscentral.dynamics.com/v2.0/" + ($self["tenantId"] || "").trim() + "/" + encodeURIComponent(($self["environmentName"] || "").trim()))).trim().replace(/\\/+$/, "") }}',
		},
		{
			displayName: 'Authorization URL',
			name: 'authUrl',
			type: 'hidden',
			default:
				'={{ ($self["authority"] || "").trim().replace(/\\/+$/, "") + "/" + ($self["tenantId"] || "").trim() + "/oauth2/v2.0/authorize" }}',
		},
		{
			displayName: 'Access Token URL',
			name: 'accessTokenUrl',
			type: 'hidden',
			default:
				'={{ ($self["authority"] || "").trim().replace(/\\/+$/, "") + "/" + ($self["tenantId"] || "").trim() + "/oauth2/v2.0/token" }}',
		},
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

	/** Lists the companies: proves address, sign-in and the permission to use the API at once. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.rootUrl }}',
			url: '={{ "/api/v2.0/companies" + ($credentials.environmentType === "onPremises" && $credentials.tenant ? "?tenant=" + encodeURIComponent($credentials.tenant.trim()) : "") }}',
			method: 'GET',
			headers: { Accept: 'application/json' },
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'Business Central refused the sign-in. The page Microsoft Entra Applications must list the client ID with state Enabled.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'Signed in, but a permission is missing. Give the application or user permission sets for the tables to synchronize.',
				},
			},
			{ type: 'responseCode', properties: { value: 404, message: 'The address is wrong. Check environment name, tenant ID or Base URL.' } },
			{
				type: 'responseCode',
				properties: { value: 405, message: 'API services are switched off. Enable them on the Business Central Server.' },
			},
		],
	};
}
