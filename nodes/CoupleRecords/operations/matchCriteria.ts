import type { IExecuteFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { MatchCriterion } from '../../../engine';
import { sinceFirst } from '../../shared/nodeVersions';
import { filledText, labelled, oneOf, readParameter, wholeNumber, yesOrNo } from '../../shared/parameters';

const dependsOn = ['mapping.value', 'company.value', 'authentication'];

const criteriaFrom = {
	displayName: 'Criteria',
	name: 'criteriaFrom',
	type: 'options',
	options: [
		{ name: 'From the Mapping', value: 'mapping', description: 'The fields of the mapping that are used for match-based coupling' },
		{ name: 'Set Here', value: 'node', description: 'The pairs of fields below' },
	],
	default: 'mapping',
	description: 'By which fields records recognize each other',
} satisfies INodeProperties;

/** Few default mappings flag a field for matching, so new nodes begin with what a full synchronization matches by. */
const firstSync: INodePropertyOptions = {
	name: 'As a Full Synchronization Matches',
	value: 'firstSync',
	description:
		'The fields of the mapping that are used for matching; where there are none, what is known to tell its records apart, else the name',
};

/** Which fields are compared: those that the mapping flags, or a list of pairs. */
export const criteriaProperties: INodeProperties[] = [
	...sinceFirst(criteriaFrom, { options: [firstSync, ...criteriaFrom.options], default: 'firstSync' }),
	{
		displayName: 'Fields to Match By',
		name: 'criteria',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add pair of fields',
		displayOptions: { show: { criteriaFrom: ['node'] } },
		default: {},
		required: true,
		description:
			'Records match when all pairs of one priority hold the same value; blank values are passed over. Lower priorities are tried first, each on its own.',
		options: [
			{
				displayName: 'Pair of Fields',
				name: 'pairs',
				values: [
					{
						displayName: 'Business Central Field Name or ID',
						name: 'businessCentralField',
						type: 'options',
						typeOptions: { loadOptionsMethod: 'getBusinessCentralColumns', loadOptionsDependsOn: dependsOn },
						default: '',
						description: 'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
					},
					{
						displayName: 'Case-Sensitive',
						name: 'caseSensitive',
						type: 'boolean',
						default: false,
						description: 'Whether upper and lower case make a difference',
					},
					{
						displayName: 'CRM Column Name or ID',
						name: 'crmColumn',
						type: 'options',
						typeOptions: { loadOptionsMethod: 'getCrmColumns', loadOptionsDependsOn: dependsOn },
						default: '',
						description: 'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
					},
					{
						displayName: 'Priority',
						name: 'priority',
						type: 'number',
						typeOptions: { minValue: 0 },
						default: 0,
						description: 'Pairs of the same priority belong together; lower numbers are tried first',
					},
				],
			},
		],
	},
];

const criteria = labelled(
	z.object(
		{
			pairs: z
				.array(
					z.object({
						businessCentralField: filledText,
						crmColumn: filledText,
						caseSensitive: yesOrNo.default(false),
						priority: wholeNumber(0).default(0),
					}),
					{ error: 'must hold at least one pair of fields.' },
				)
				.min(1, { error: 'must hold at least one pair of fields.' }),
		},
		{ error: 'must hold at least one pair of fields.' },
	),
	{ businessCentralField: 'Business Central Field', crmColumn: 'CRM Column', caseSensitive: 'Case-Sensitive', priority: 'Priority' },
);

/** Criteria set in the node; undefined for those of the mapping. */
export function readCriteria(context: IExecuteFunctions, itemIndex: number): MatchCriterion[] | 'firstSync' | undefined {
	const from = readParameter(context, 'criteriaFrom', 'Criteria', itemIndex, oneOf(['firstSync', 'mapping', 'node']));
	if (from !== 'node') return from === 'mapping' ? undefined : from;
	const { pairs } = readParameter(context, 'criteria', 'Fields to Match By', itemIndex, criteria);
	return pairs.map(({ businessCentralField, crmColumn, ...rest }) => ({ bcField: businessCentralField, crmField: crmColumn, ...rest }));
}
