import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

/**
 * The CRM connection: Dynamics 365 Sales / Dataverse, as application user or as signed-in user ("Use OAuth authentication with Microsoft
 * Dataverse"). `offline_access` is asked for only when a user signs in: Microsoft Entra refuses it for applications.
 */
export class DataverseOAuth2Api implements ICredentialType {
	name = 'dataverseOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'CRM Connection (Dataverse) OAuth2 API';

	icon = { light: 'file:../icons/dataverse.svg', dark: 'file:../icons/dataverse.dark.svg' } as const;

	documentationUrl = 'https://learn.microsoft.com/power-apps/developer/data-platform/use-single-tenant-server-server-authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'Environment URL',
			name: 'environmentUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://contoso.crm4.dynamics.com',
			description: 'Address of the Dataverse environment. Power Platform admin center → Environments → your environment → Environment URL.',
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
					description: 'Synchronize as an application user (recommended for scheduled runs)',
				},
			],
			default: 'clientCredentials',
			description:
				'Client credentials need an application user in the environment (Power Platform admin center → Settings → Users + permissions → Application users). Give it a security role with Create, Read, Write, Append and Append To on the tables you synchronize; Delete only where runs may delete. It never needs System Administrator.',
		},
		{
			displayName: 'Tenant ID',
			name: 'tenantId',
			type: 'string',
			default: '',
			required: true,
			placeholder: '00000000-0000-0000-0000-000000000000',
			description: 'Directory (tenant) ID. Azure portal → Microsoft Entra ID → Overview.',
		},
		{
			displayName: 'Client ID',
			name: 'clientId',
			type: 'string',
			default: '',
			required: true,
			description:
				'Application (client) ID. Azure portal → App registrations → your application → Overview. With Authorization Code the application needs the delegated permission Dynamics CRM → user_impersonation.',
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
			displayName: 'Ownership Model',
			name: 'ownershipModel',
			type: 'options',
			options: [
				{
					name: 'Person',
					value: 'person',
					description: 'The user coupled to the salesperson owns the CRM row; needs the mapping SALESPEOPLE',
				},
				{
					name: 'Team',
					value: 'team',
					description: 'The default team of the company owns new CRM rows; owners are never changed afterwards',
				},
			],
			default: 'team',
			description:
				'Who owns CRM rows that a synchronization creates. The same choice as on the Business Central page Dataverse Connection Setup.',
		},
		{
			displayName: 'Authority',
			name: 'authority',
			type: 'string',
			default: 'https://login.microsoftonline.com',
			description: 'Address of the sign-in service. Change it only for national clouds, or for a local token endpoint.',
		},
		{
			displayName: 'Root URL',
			name: 'rootUrl',
			type: 'hidden',
			default: '={{ ($self["environmentUrl"] || "").trim().replace(/\\/+$/, "") }}',
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
				'={{ ($self["environmentUrl"] || "").trim().replace(/\\/+$/, "") + "/.default" + ($self["grantType"] === "authorizationCode" ? " offline_access" : "") }}',
		},
		{ displayName: 'Auth URI Query Parameters', name: 'authQueryParameters', type: 'hidden', default: '' },
		{ displayName: 'Authentication', name: 'authentication', type: 'hidden', default: 'body' },
	];

	/** WhoAmI fails also when the token is good but the application user is missing in the environment. */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.rootUrl }}',
			url: '/api/data/v9.2/WhoAmI',
			method: 'GET',
			headers: { Accept: 'application/json' },
		},
		rules: [
			{
				type: 'responseCode',
				properties: { value: 401, message: 'Dataverse refused the sign-in. Client ID and tenant must belong to the environment.' },
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message: 'Signed in, but not a member of the environment. Add an application user for the client ID, with a security role.',
				},
			},
			{ type: 'responseCode', properties: { value: 404, message: 'The address is wrong. Check the Environment URL.' } },
		],
	};
}
