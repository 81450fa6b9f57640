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
		displayName:
			'One item comes out for each mapping that is due, in the order in which they depend on each other. Connect <b>Sync Mapping</b> (Synchronize Modified Records) and give it the mapping by the expression <code>{{ $json.mapping }}</code>.',
		name: 'notice',
		type: 'notice',
		default: '',
	},
	{ displayName: 'Options', name: 'options', type: 'collection', placeholder: 'Add option', default: {}, options },
];
