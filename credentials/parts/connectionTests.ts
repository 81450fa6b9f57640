import type { ICredentialTestRequest } from 'n8n-workflow';

/** Lists the companies: proves address, sign-in and the permission to use the API at once. */
export const businessCentralTest: ICredentialTestRequest = {
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
				message: 'Business Central refused the sign-in. The page Microsoft Entra Applications must list the client ID with state Enabled.',
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

/** WhoAmI fails also when the token is good but the application user is missing in the environment. */
export const crmTest: ICredentialTestRequest = {
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
