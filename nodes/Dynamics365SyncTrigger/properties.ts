import type { INodeProperties } from 'n8n-workflow';

const options: INodeProperties[] = [
	{
		displayName: 'Inactivity Sleep (Minutes)',
		name: 'inactivitySleepMinutes',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 720,
		description:
			'How long every mapping waits once a run had nothing to do, in place of its own setting in Table Mappings; a change in either system ends the wait; 0 for no such sleep',
	},
	{
		displayName: 'Interval (Minutes)',
		name: 'intervalMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description:
			'How long after a run every mapping is started again although no change is known, in place of its own setting in Table Mappings',
	},
	{
		displayName: 'Longest Wait (Seconds)',
		name: 'longestWaitSeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { '/startWhen': ['webhooks'] } },
		default: 20,
		description: 'How long after the first webhook it is looked at the latest, although more keep coming in',
	},
	{
		displayName: 'Quiet Time (Seconds)',
		name: 'quietSeconds',
		type: 'number',
		typeOptions: { minValue: 0 },
		displayOptions: { show: { '/startWhen': ['webhooks'] } },
		default: 3,
		description: 'How long no further webhook must have come in before it is looked',
	},
	{
		displayName: 'Retry After Failure Up To (Minutes)',
		name: 'longestRetryMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description:
			'How long to wait at most until a mapping whose run failed is started again. The first wait is 30 seconds, and each further one twice as long.',
	},
	{
		displayName: 'Start at Activation',
		name: 'startAtActivation',
		type: 'boolean',
		default: true,
		description: 'Whether all mappings are started once when the workflow is published, whatever has changed',
	},
	{
		displayName: 'Webhook Base URL',
		name: 'webhookBaseUrl',
		type: 'string',
		displayOptions: { show: { '/startWhen': ['webhooks'] } },
		default: '',
		placeholder: 'https://n8n.example.com',
		description:
			'Where the services reach n8n, in place of where n8n says it is (its setting WEBHOOK_URL). The path of the webhook is put behind it.',
	},
];

export const triggerProperties: INodeProperties[] = [
	{
		displayName: 'Start When',
		name: 'startWhen',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Records Change',
				value: 'looking',
				description: 'Look at both systems again and again, one request to each for all mappings, and start those whose records changed',
			},
			{
				name: 'Records Change, Told by Webhooks',
				value: 'webhooks',
				description: 'Let the systems call n8n when records change, and look now and then in case a call is lost',
			},
			{
				name: 'On Schedule',
				value: 'schedule',
				description: 'Look only when the interval of a mapping is over',
			},
		],
		default: 'looking',
		description: 'What starts the workflow',
	},
	{
		displayName: 'Mappings Names or IDs',
		name: 'mappings',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getMappings', loadOptionsDependsOn: ['company.value'] },
		default: [],
		description:
			'The table mappings to start; leave empty for all that are enabled, also those that come later. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Look Every (Seconds)',
		name: 'lookEverySeconds',
		type: 'number',
		typeOptions: { minValue: 15, maxValue: 3600 },
		displayOptions: { show: { startWhen: ['looking'] } },
		default: 60,
		description:
			'How often to look for changes. Each look is one request to each system; Dataverse counts every mapping in it against what a day allows.',
	},
	{
		displayName: 'Look Every (Seconds)',
		name: 'lookEverySeconds',
		type: 'number',
		typeOptions: { minValue: 15, maxValue: 3600 },
		displayOptions: { show: { startWhen: ['webhooks'] } },
		default: 360,
		description:
			'How often to look beside the webhooks, in case one was lost. While they are not registered or do not arrive it is looked every minute.',
	},
	{
		displayName: 'Webhooks From',
		name: 'webhooksFrom',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { startWhen: ['webhooks'] } },
		options: [
			{ name: 'Both Systems', value: 'both' },
			{ name: 'Business Central', value: 'businessCentral' },
			{ name: 'CRM', value: 'crm' },
		],
		default: 'both',
		description: 'Which systems call n8n; the other one is looked at',
	},
	{
		displayName: 'Webhooks of CRM',
		name: 'crmWebhooks',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { startWhen: ['webhooks'], webhooksFrom: ['both', 'crm'] } },
		options: [
			{
				name: 'Register',
				value: 'register',
				description: 'Register and remove them with a credential of its own, which by default takes the role System Administrator',
			},
			{
				name: 'Registered by an Administrator',
				value: 'administrator',
				description: 'An administrator registers once what Read Sync Log → Get Webhook Registration shows',
			},
		],
		default: 'register',
		description: 'Who registers the webhooks in Dataverse',
	},
	{
		displayName:
			'The services call n8n over a public https address and want an answer within 5 seconds. Let a proxy in front of n8n answer 502 or 503 while n8n is down: Business Central deletes a subscription whose call is answered by 404, 401 or a redirect. Subscriptions that were lost are made anew.',
		name: 'webhookNotice',
		type: 'notice',
		displayOptions: { show: { startWhen: ['webhooks'] } },
		default: '',
	},
	{
		displayName:
			'One item comes out for each mapping that is due, in the order in which they depend on each other. Connect <b>Sync Mapping</b> (Synchronize Modified Records) and give it the mapping by the expression <code>{{ $json.mapping }}</code>.',
		name: 'notice',
		type: 'notice',
		default: '',
	},
	{ displayName: 'Options', name: 'options', type: 'collection', placeholder: 'Add option', default: {}, options },
];
