import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { RunRequest } from '../../engine';
import { labelled, oneOf, positiveNumber, wholeNumber, yesOrNo } from './parameters';

export const directionProperty: INodeProperties = {
	displayName: 'Direction',
	name: 'direction',
	type: 'options',
	options: [
		{
			name: 'As the Mapping Says',
			value: 'mapping',
			description: 'Bidirectional mappings run from Business Central to CRM first, then back',
		},
		{ name: 'Business Central to CRM', value: 'toCrm' },
		{ name: 'CRM to Business Central', value: 'fromCrm' },
	],
	default: 'mapping',
	description: 'Which way this run synchronizes. A direction that the mapping does not serve gives a finished job that says so.',
};

export const direction = oneOf(['mapping', 'toCrm', 'fromCrm']);

export const previewProperty: INodeProperties = {
	displayName: 'Preview',
	name: 'preview',
	type: 'boolean',
	default: false,
	description: 'Whether to show what would change without writing anything',
};

const optionProperties = {
	allowMassChanges: {
		displayName: 'Allow Mass Changes',
		name: 'allowMassChanges',
		type: 'boolean',
		default: true,
		description:
			'Whether this run may delete, uncouple, overwrite, empty and create any number of records. Without it a run stops when it would take values from more than 20% of the coupled records of a mapping, or more than 100, counted with other runs of the last 24 hours.',
	},
	pullDependencies: {
		displayName: 'Bring In Missing Records',
		name: 'pullDependencies',
		type: 'options',
		options: [
			{
				name: 'As Their Mapping Allows',
				value: 'ifAllowed',
				description: 'Create and couple missing records of mappings that are not limited to coupled records',
			},
			{ name: 'Always', value: 'create', description: 'Create and couple missing records whatever their mapping says' },
		],
		default: 'ifAllowed',
		description:
			'Whether records that others refer to, for instance the currency of a customer, are synchronized first when they are not coupled yet. Without this option the records that refer to them fail and wait.',
	},
	createUncoupled: {
		displayName: 'Create Records for Uncoupled Ones',
		name: 'createUncoupled',
		type: 'boolean',
		default: true,
		description:
			'Whether this run creates and couples a record in the other system for each uncoupled one, whatever "Synch. Only Coupled Records" of the mapping says',
	},
	deletion: {
		displayName: 'Deletion Conflict Strategy',
		name: 'deletion',
		type: 'options',
		options: [
			{
				name: 'Delete the Other Record',
				value: 'deleteOther',
				description: 'The remaining record is deleted, too, unless it was changed since the last synchronization',
			},
			{ name: 'None', value: 'none', description: 'The record fails, and the coupling stays' },
			{ name: 'Remove Coupling', value: 'removeCoupling', description: 'The remaining record is kept and no longer coupled' },
			{ name: 'Restore Records', value: 'restore', description: 'The deleted record is created again from the remaining one' },
		],
		default: 'none',
		description: 'For this run only: what happens when one record of a couple was deleted',
	},
	findDeleted: {
		displayName: 'Find Deleted Records',
		name: 'findDeleted',
		type: 'options',
		options: [
			{
				name: 'As the Mapping Says',
				value: 'mapping',
				description: 'When the interval of the mapping is over: once a day unless it says otherwise',
			},
			{ name: 'In This Run', value: 'now', description: 'Compare now, whatever the interval says' },
			{
				name: 'Not in This Run',
				value: 'off',
				description:
					'A deletion is noticed only when the remaining record is synchronized, and a change without a time stamp not before the next comparison',
			},
		],
		default: 'now',
		description:
			'Whether to compare the versions of all records: that finds coupled records that were deleted although nobody changed their partners, and records that were changed or created without a newer time stamp. What happens to deleted ones says the Deletion Conflict Strategy.',
	},
	force: {
		displayName: 'Compare Everything',
		name: 'force',
		type: 'boolean',
		default: true,
		description:
			'Whether to compare all records of the mapping with their partners, not only those that changed since the last run. Takes as long as a full synchronization; what is equal stays untouched.',
	},
	recordLimit: {
		displayName: 'Record Limit',
		name: 'recordLimit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 10000,
		description: 'Stop after reading about this many records, at the next page border. The next run goes on from there.',
	},
	returnChanges: {
		displayName: 'Return Changed Records Up To',
		name: 'returnChanges',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10000 },
		default: 100,
		description:
			'How many changed records each job item lists in "changes", with every field before and after. Mind that this is data of your records.',
	},
	nothingCoupled: {
		displayName: 'When Nothing Is Coupled',
		name: 'nothingCoupled',
		type: 'options',
		options: [
			{
				name: 'It Is New',
				value: 'isNew',
				description:
					'Nothing was synchronized before, and no record of the one system belongs to one of the other. Remembered for the mapping, so that later runs need not say it.',
			},
			{
				name: 'Stop',
				value: 'stop',
				description: 'The run ends before it writes anything, and says how to go on',
			},
		],
		default: 'isNew',
		description:
			'What happens where a mapping has no coupling in the state store although both systems hold records of it, as after the loss of the state. Without this option the run stops.',
	},
	traces: {
		displayName: 'Traces of Another State',
		name: 'traces',
		type: 'options',
		options: [
			{
				name: 'Stop',
				value: 'stop',
				description: 'The run ends before it writes them, and says how to go on',
			},
			{
				name: 'Take Over',
				value: 'takeOver',
				description:
					'Couple what belongs together; where two records differ, the update conflict strategy of the mapping says who wins. Preview it first.',
			},
		],
		default: 'takeOver',
		description:
			'What happens where more than five records show that another state store has coupled them: it was lost, is an older one, or one of the environments is a copy. Without this option the run stops.',
	},
	stopAfterMinutes: {
		displayName: 'Stop After (Minutes)',
		name: 'stopAfterMinutes',
		type: 'number',
		typeOptions: { minValue: 0.1, numberPrecision: 1 },
		default: 30,
		description: 'Stop after this time, at the next page border. The next run goes on from there.',
	},
	waitSeconds: {
		displayName: 'Wait for Its Turn (Seconds)',
		name: 'waitSeconds',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 300,
		description:
			'How long to wait while another run is busy with the table mapping; 300 without this option. When it is not free then, the node fails and names that run, so that "Retry On Fail" tries again.',
	},
	conflict: {
		displayName: 'Update Conflict Strategy',
		name: 'conflict',
		type: 'options',
		options: [
			{ name: 'Get Data From CRM', value: 'get', description: 'The value of CRM wins' },
			{ name: 'Newest Change', value: 'newest', description: 'The value of the record that was changed last wins' },
			{ name: 'None', value: 'none', description: 'The record fails, and somebody decides' },
			{ name: 'Send Data to CRM', value: 'send', description: 'The value of Business Central wins' },
		],
		default: 'none',
		description: 'For this run only: who wins when the same field was changed to different values in both systems',
	},
} satisfies Record<string, INodeProperties>;

export type RunOption = keyof typeof optionProperties;

/** The collection *Options* with the given entries. */
export function optionsProperty(...names: RunOption[]): INodeProperties {
	const options: Array<INodePropertyOptions | INodeProperties | INodePropertyCollection> = names
		.map((name) => optionProperties[name])
		.sort((a, b) => a.displayName.localeCompare(b.displayName));
	return { displayName: 'Options', name: 'options', type: 'collection', placeholder: 'Add option', default: {}, options };
}

/** What the collection *Options* may hold; for a message the keys are shown by their names in the editor. */
export const runOptions = labelled(
	z
		.object({
			createUncoupled: yesOrNo,
			pullDependencies: oneOf(['ifAllowed', 'create']),
			allowMassChanges: yesOrNo,
			deletion: oneOf(['none', 'restore', 'removeCoupling', 'deleteOther']),
			findDeleted: oneOf(['mapping', 'now', 'off']),
			nothingCoupled: oneOf(['stop', 'isNew']),
			traces: oneOf(['stop', 'takeOver']),
			force: yesOrNo,
			recordLimit: wholeNumber(1),
			returnChanges: wholeNumber(0),
			stopAfterMinutes: positiveNumber,
			waitSeconds: wholeNumber(0),
			conflict: oneOf(['none', 'send', 'get', 'newest']),
		})
		.partial(),
	Object.fromEntries(Object.values(optionProperties).map(({ name, displayName }) => [name, displayName])),
);

export type RunOptions = z.infer<typeof runOptions>;

/** Failed records that leave a node in one run; the rest is counted, and stands in the log. */
export const failureLimit = 1000;

export function requestOptions(options: RunOptions): Omit<RunRequest, 'mapping'> {
	const { stopAfterMinutes, waitSeconds: _waitSeconds, ...rest } = options;
	return {
		...rest,
		returnFailures: failureLimit,
		...(stopAfterMinutes === undefined ? {} : { timeBudgetMs: Math.round(stopAfterMinutes * 60_000) }),
	};
}

export const waitProperty = optionProperties.waitSeconds;

/** The collection *Options* of what is done by hand and has no other options. */
export const waitOptionsProperty: INodeProperties = optionsProperty('waitSeconds');

/** For operations without options: whether the mass-change guard lets them through. */
export const allowMassChangesProperty: INodeProperties = { ...optionProperties.allowMassChanges, default: false };
