import type { INodeProperties } from 'n8n-workflow';

/** Where Business Central answers, as its credentials with Microsoft Entra ID have it. */
export const businessCentralAddress = {
	environmentType: {
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
	tenantId: {
		displayName: 'Tenant ID',
		name: 'tenantId',
		type: 'string',
		default: '',
		required: true,
		placeholder: '00000000-0000-0000-0000-000000000000',
		description:
			'Directory (tenant) ID. Azure portal → Microsoft Entra ID → Overview. In Business Central: Help & Support → Microsoft Entra tenant.',
	},
	environmentName: {
		displayName: 'Environment Name',
		name: 'environmentName',
		type: 'string',
		displayOptions: { show: { environmentType: ['online'] } },
		default: 'Production',
		required: true,
		description: 'Name of the environment as the Business Central admin center lists it, for instance Production',
	},
	baseUrl: {
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
	audience: {
		displayName: 'Application ID URI',
		name: 'audience',
		type: 'string',
		displayOptions: { show: { environmentType: ['onPremises'] } },
		default: 'https://api.businesscentral.dynamics.com',
		description: 'What the token is asked for. It must be one of the Valid Audiences of the server instance.',
	},
	tenant: {
		displayName: 'Tenant',
		name: 'tenant',
		type: 'string',
		displayOptions: { show: { environmentType: ['onPremises'] } },
		default: '',
		placeholder: 'contoso',
		description:
			'Only for a server with several tenants: the id of the tenant, as in ?tenant= of the addresses on the page Web Services. Leave empty otherwise.',
	},
	webClientUrl: {
		displayName: 'Web Client URL',
		name: 'webClientUrl',
		type: 'string',
		displayOptions: { show: { environmentType: ['onPremises'] } },
		default: '',
		placeholder: 'https://bc.example.com/BC',
		description: 'Address of the web client, used for the links to records in logs. Leave empty for no links.',
	},
	defaultCompany: {
		displayName: 'Default Company',
		name: 'defaultCompany',
		type: 'string',
		default: '',
		placeholder: 'CRONUS International Ltd.',
		description: 'Name or id of the company that nodes work on whose field Company is empty. Leave empty to choose it in each node.',
	},
	baseUrlOverride: {
		displayName: 'Base URL Override',
		name: 'baseUrlOverride',
		type: 'string',
		displayOptions: { show: { environmentType: ['online'] } },
		default: '',
		placeholder: 'https://api.businesscentral.dynamics.com/v2.0/Production',
		description:
			'Address to call instead of the usual one, up to and including the environment. Leave empty unless calls go through a gateway.',
	},
	rootUrl: {
		displayName: 'Root URL',
		name: 'rootUrl',
		type: 'hidden',
		default:
			'={{ ($self["environmentType"] === "onPremises" ? ($self["baseUrl"] || "") : ($self["baseUrlOverride"] || "https://api.businesscentral.dynamics.com/v2.0/" + ($self["tenantId"] || "").trim() + "/" + encodeURIComponent(($self["environmentName"] || "").trim()))).trim().replace(/\\/+$/, "") }}',
	},
} satisfies Record<string, INodeProperties>;
