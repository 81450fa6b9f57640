import type { INodeProperties } from 'n8n-workflow';

/** The environment of a CRM connection, and who owns what is created in it. */
export const crmEnvironment = {
	environmentUrl: {
		displayName: 'Environment URL',
		name: 'environmentUrl',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'https://contoso.crm4.dynamics.com',
		description: 'Address of the Dataverse environment. Power Platform admin center → Environments → your environment → Environment URL.',
	},
	tenantId: {
		displayName: 'Tenant ID',
		name: 'tenantId',
		type: 'string',
		default: '',
		required: true,
		placeholder: '00000000-0000-0000-0000-000000000000',
		description: 'Directory (tenant) ID. Azure portal → Microsoft Entra ID → Overview.',
	},
	ownershipModel: {
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
	rootUrl: {
		displayName: 'Root URL',
		name: 'rootUrl',
		type: 'hidden',
		default: '={{ ($self["environmentUrl"] || "").trim().replace(/\\/+$/, "") }}',
	},
} satisfies Record<string, INodeProperties>;
