import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { MappingUpdate } from '../../../engine';
import { labelled, oneOf, readParameter, wholeNumber, yesOrNo } from '../../shared/parameters';
import { filterSchema, mappingFilterProperty } from './filters';
import { templatesOf, templatesProperty, templatesSchema } from './templates';

const conflictOption: INodeProperties = {
	displayName: 'Update Conflicts',
	name: 'conflict',
	type: 'options',
	options: [
		{ name: 'None', value: 'none', description: 'The record fails and waits for a decision' },
		{ name: 'Send Data to CRM', value: 'send', description: 'Business Central wins' },
		{ name: 'Get Data From CRM', value: 'get', description: 'CRM wins' },
		{ name: 'Newest', value: 'newest', description: 'The side changed last wins' },
	],
	default: 'none',
	description: 'Who wins when the same field was changed to different values in both systems',
};

const options: INodeProperties[] = [
	{
		displayName: 'Caption',
		name: 'caption',
		type: 'string',
		default: '',
		description: 'What the mapping is called in lists. For mappings of your own.',
	},
	{
		displayName: 'Check for Deleted Records Every (Minutes)',
		name: 'deletionCheckMinutes',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1440,
		description:
			'How long at least from one comparison of versions, which finds deleted records and changes without a newer time stamp, to the next; 0 for every run',
	},
	{
		displayName: 'Deletion Conflicts',
		name: 'deletion',
		type: 'options',
		options: [
			{ name: 'None', value: 'none', description: 'The record fails and waits for a decision' },
			{ name: 'Restore Records', value: 'restore', description: 'The deleted record is created again' },
			{ name: 'Remove Coupling', value: 'removeCoupling', description: 'The remaining record is kept without a partner' },
			{ name: 'Delete the Other Record', value: 'deleteOther', description: 'The remaining record is deleted, too' },
		],
		default: 'none',
		description: 'What happens when one of two coupled records was deleted',
	},
	{
		displayName: 'Depends On Names or IDs',
		name: 'dependsOn',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getMappings', loadOptionsDependsOn: ['company.value'] },
		default: [],
		description:
			'Mappings whose records this one refers to; they are synchronized first. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
	{
		displayName: 'Interval (Minutes)',
		name: 'intervalMinutes',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description:
			'How long Dynamics 365 Sync Trigger waits after a run of the mapping until it starts the next one although no change is known',
	},
	{
		displayName: 'Inactivity Sleep (Minutes)',
		name: 'inactivitySleepMinutes',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 720,
		description:
			'How long Dynamics 365 Sync Trigger waits instead once a run had nothing to do; a change in either system ends the wait; 0 for no such sleep',
	},
	mappingFilterProperty(
		'Filter on Business Central',
		'bcFilter',
		'getFieldsOfBusinessCentral',
		'Which records of Business Central take part; those outside are neither created from nor changed',
	),
	mappingFilterProperty(
		'Filter on CRM',
		'crmFilter',
		'getColumnsOfCrm',
		'Which records of CRM take part; those outside are neither created from nor changed',
	),
	{
		displayName: 'Mass-Change Guard: Created Records',
		name: 'guardCreations',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1000,
		description:
			'Runs stop before they create more records within 24 hours than this. Without it they stop beyond 10,000, or as many as were coupled when the day began.',
	},
	{
		displayName: 'Mass-Change Guard: Records',
		name: 'guardRecords',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 100,
		description: 'Runs stop before they delete, uncouple, overwrite or empty more records within 24 hours than this',
	},
	{
		displayName: 'Mass-Change Guard: Share (%)',
		name: 'guardShare',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 100 },
		default: 20,
		description: 'Runs stop before they delete, uncouple, overwrite or empty more than this part of the coupled records within 24 hours',
	},
	{
		displayName: 'Ask Duplicate Detection Rules',
		name: 'askDuplicateRules',
		type: 'boolean',
		default: false,
		description:
			'Whether Dataverse asks its duplicate detection rules before a row is created or changed. A row that they refuse fails and is named, instead of becoming a duplicate.',
	},
	{
		displayName: 'Synch. Only Coupled Records',
		name: 'onlyCoupled',
		type: 'boolean',
		default: true,
		description: 'Whether runs leave uncoupled records alone instead of creating partners for them',
	},
	templatesProperty('businessCentral'),
	templatesProperty('crm'),
	conflictOption,
];

/** Settings of a mapping beside its tables and fields; those not added stay as they are. */
export const settingsProperty = (...more: INodeProperties[]): INodeProperties => ({
	displayName: 'Settings',
	name: 'settings',
	type: 'collection',
	placeholder: 'Add setting',
	default: {},
	options: [...options, ...more].sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

export const directionOptions: INodeProperties = {
	displayName: 'Direction',
	name: 'direction',
	type: 'options',
	options: [
		{ name: 'Both Ways', value: 'bidirectional' },
		{ name: 'Business Central to CRM', value: 'toCrm' },
		{ name: 'CRM to Business Central', value: 'fromCrm' },
	],
	default: 'bidirectional',
	description: 'The direction in which records travel',
};

export const directions = oneOf(['bidirectional', 'toCrm', 'fromCrm']);

export const companyStampOption: INodeProperties = {
	displayName: 'Carry the Company',
	name: 'companyStamp',
	type: 'boolean',
	default: false,
	description: 'Whether CRM rows carry the Business Central company they belong to (column bcbi_companyid)',
};

const names = z.preprocess(
	(value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
	z.array(z.string().min(1, { error: 'must not hold an empty name.' }), { error: 'must be a list of mappings.' }),
);

const settings = labelled(
	z
		.object({
			caption: z.string(),
			companyStamp: yesOrNo,
			conflict: oneOf(['none', 'send', 'get', 'newest']),
			deletion: oneOf(['none', 'restore', 'removeCoupling', 'deleteOther']),
			deletionCheckMinutes: wholeNumber(0),
			intervalMinutes: wholeNumber(1),
			inactivitySleepMinutes: wholeNumber(0),
			dependsOn: names,
			direction: directions,
			bcFilter: filterSchema,
			crmFilter: filterSchema,
			guardCreations: wholeNumber(0),
			guardRecords: wholeNumber(0),
			guardShare: z.number({ error: 'must be a number.' }).min(0).max(100, { error: 'must be 100 or less.' }),
			onlyCoupled: yesOrNo,
			askDuplicateRules: yesOrNo,
			businessCentralTemplates: templatesSchema,
			crmTemplates: templatesSchema,
		})
		.partial(),
	{
		bcFilter: 'Filter on Business Central',
		crmFilter: 'Filter on CRM',
		deletionCheckMinutes: 'Check for Deleted Records Every (Minutes)',
		intervalMinutes: 'Interval (Minutes)',
		inactivitySleepMinutes: 'Inactivity Sleep (Minutes)',
		guardShare: 'Mass-Change Guard: Share (%)',
		guardRecords: 'Mass-Change Guard: Records',
		guardCreations: 'Mass-Change Guard: Created Records',
	},
);

/** What was added to *Settings*, and nothing else. */
export function readSettings(context: IExecuteFunctions, itemIndex: number): MappingUpdate & { companyStamp?: boolean } {
	const { bcFilter, crmFilter, guardCreations, guardRecords, guardShare, businessCentralTemplates, crmTemplates, ...plain } = readParameter(
		context,
		'settings',
		'Settings',
		itemIndex,
		settings,
	);
	const massChange = {
		...(guardRecords === undefined ? {} : { absolute: guardRecords }),
		...(guardShare === undefined ? {} : { share: guardShare / 100 }),
		...(guardCreations === undefined ? {} : { creations: guardCreations }),
	};
	return {
		...(Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as typeof plain),
		...(Object.keys(massChange).length > 0 ? { massChange } : {}),
		...(bcFilter ? { businessCentralFilter: bcFilter } : {}),
		...(crmFilter ? { crmFilterEntered: crmFilter } : {}),
		...(businessCentralTemplates || crmTemplates
			? { templatesEntered: [...templatesOf('businessCentral', businessCentralTemplates), ...templatesOf('crm', crmTemplates)] }
			: {}),
	} as MappingUpdate & { companyStamp?: boolean };
}
