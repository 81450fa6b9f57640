import type { IAuthenticateGeneric, ICredentialType, INodeProperties } from 'n8n-workflow';
import { businessCentralAddress as address } from './parts/businessCentralAddress';

/** Business Central on-premises with user name and web service access key ("Web services authentication"). */
export class BusinessCentralApi implements ICredentialType {
	name = 'businessCentralApi';

	displayName = 'Business Central API (Web Service Access Key)';

	icon = { light: 'file:../icons/businessCentral.svg', dark: 'file:../icons/businessCentral.dark.svg' } as const;

	documentationUrl =
		'https://github.com/n8n-nodes-dynamics365-sync/n8n-nodes-dynamics365-sync/blob/main/docs/connections/business-central-access-key.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'https://bc.example.com:7048/BC',
			description:
				'Root of the OData services including the server instance. Business Central Administration → OData Services → OData Base URL, without /ODataV4. API services and OData services must be enabled.',
		},
		{
			displayName: 'Tenant',
			name: 'tenant',
			type: 'string',
			default: '',
			placeholder: 'contoso',
			description:
				'Only for a server with several tenants: the id of the tenant, as in ?tenant= of the addresses on the page Web Services. Leave empty otherwise.',
		},
		{
			displayName: 'User Name',
			name: 'username',
			type: 'string',
			default: '',
			required: true,
			description:
				'User name from the Business Central page Users. Use a user of its own for the integration, with permission sets only for the tables you synchronize, for instance D365 READ with D365 CUSTOMER, EDIT and D365 ITEM, EDIT; it never needs SUPER.',
		},
		{
			displayName: 'Web Service Access Key',
			name: 'accessKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'Business Central page Users → the user → Web Service Access → Web Service Access Key. Servers with NavUserPassword also take the password.',
		},
		address.defaultCompany,
		{
			displayName: 'Web Client URL',
			name: 'webClientUrl',
			type: 'string',
			default: '',
			placeholder: 'https://bc.example.com/BC',
			description: 'Address of the web client, used for the links to records in logs. Leave empty for no links.',
		},
		{
			displayName: 'Root URL',
			name: 'rootUrl',
			type: 'hidden',
			default: '={{ ($self["baseUrl"] || "").trim().replace(/\\/+$/, "") }}',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { auth: { username: '={{ $credentials.username }}', password: '={{ $credentials.accessKey }}' } },
	};
}
