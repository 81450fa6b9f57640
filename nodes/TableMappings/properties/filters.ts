import type { INodeProperties, INodePropertyCollection } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { FilterInput } from '../../../engine';
import { oneOf } from '../../shared/parameters';

const dependsOn = ['mapping.value', 'businessCentralTable.value', 'crmTable.value', 'company.value', 'authentication', 'operation'];

const matchProperty: INodeProperties = {
	displayName: 'Records Meet',
	name: 'match',
	type: 'options',
	options: [
		{ name: 'All Conditions', value: 'all' },
		{ name: 'Any Condition', value: 'any' },
	],
	default: 'all',
	description: 'Whether every condition must hold, or one of them is enough',
};

const conditionsProperty = (method: string): INodeProperties => ({
	displayName: 'Conditions',
	name: 'conditions',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add condition',
	default: {},
	description: 'What a record must be like',
	options: [
		{
			displayName: 'Condition',
			name: 'condition',
			values: [
				{
					displayName: 'Field Name or ID',
					name: 'field',
					type: 'options',
					typeOptions: { loadOptionsMethod: method, loadOptionsDependsOn: dependsOn },
					default: '',
					description: 'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				{
					displayName: 'Operator',
					name: 'operator',
					type: 'options',
					options: [
						{ name: 'Begins With', value: 'startswith' },
						{ name: 'Contains', value: 'contains' },
						{ name: 'Ends With', value: 'endswith' },
						{ name: 'Is', value: 'eq' },
						{ name: 'Is at Least', value: 'ge' },
						{ name: 'Is at Most', value: 'le' },
						{ name: 'Is Blank', value: 'blank' },
						{ name: 'Is Less Than', value: 'lt' },
						{ name: 'Is More Than', value: 'gt' },
						{ name: 'Is Not', value: 'ne' },
						{ name: 'Is Not Blank', value: 'notBlank' },
						{ name: 'Is One Of', value: 'in' },
					],
					default: 'eq',
					description: 'How the field is compared; text is compared regardless of capital and small letters',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					displayOptions: { hide: { operator: ['blank', 'notBlank'] } },
					description:
						'A choice by its label, a date as 2026-01-31, yes or no; several values separated by semicolons. @company is the row of this company.',
				},
			],
		},
	],
});

const wayProperty: INodeProperties = {
	displayName: 'These Conditions',
	name: 'way',
	type: 'options',
	options: [
		{ name: 'Come in Addition', value: 'add', description: 'The filter that is there stays; records must meet both' },
		{ name: 'Replace the Filter', value: 'replace', description: 'Only what is entered here counts from now on' },
	],
	default: 'add',
	description: 'What becomes of the filter that is there',
};

/** The filter of a mapping, which has one already, where it has. */
export function mappingFilterProperty(...filter: Parameters<typeof filterProperty>): INodeProperties {
	const property = filterProperty(...filter);
	const [{ values, ...option }] = property.options as [INodePropertyCollection];
	return { ...property, options: [{ ...option, values: [wayProperty, ...values] }] };
}

/** A filter: conditions, groups of them, and OData text. */
export const filterProperty = (displayName: string, name: string, method: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'fixedCollection',
	default: {},
	placeholder: 'Set filter',
	description,
	options: [
		{
			displayName: 'Filter',
			name: 'filter',
			values: [
				matchProperty,
				conditionsProperty(method),
				{
					displayName: 'Groups',
					name: 'groups',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true },
					placeholder: 'Add group of conditions',
					default: {},
					description: 'Conditions that belong together, as if in parentheses',
					options: [{ displayName: 'Group', name: 'group', values: [matchProperty, conditionsProperty(method)] }],
				},
				{
					displayName: 'OData Text',
					name: 'raw',
					type: 'string',
					typeOptions: { rows: 3 },
					default: '',
					placeholder: "blocked eq '_x0020_'",
					description: 'For experts: a filter in the words of the service, which must hold in addition',
				},
			],
		},
	],
});

const condition = z.object({
	field: z.string().trim().min(1, { error: 'must name a field.' }),
	operator: oneOf(['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'contains', 'startswith', 'endswith', 'in', 'blank', 'notBlank']).default('eq'),
	value: z.union([z.string(), z.number(), z.boolean()]).default(''),
});
const conditions = z.object({ condition: z.array(condition).optional() }).optional();
const match = oneOf(['all', 'any']).default('all');

/** What `filterProperty` holds; turned into what the engine takes. An empty filter selects every record. */
export const filterSchema = z
	.object({
		filter: z
			.object({
				way: oneOf(['add', 'replace']).default('add'),
				match,
				conditions,
				groups: z.object({ group: z.array(z.object({ match, conditions })).optional() }).optional(),
				raw: z.string().default(''),
			})
			.optional(),
	})
	.transform(({ filter }): FilterInput => ({
		way: filter?.way ?? 'add',
		match: filter?.match ?? 'all',
		conditions: filter?.conditions?.condition ?? [],
		groups: (filter?.groups?.group ?? []).map((group) => ({ match: group.match, conditions: group.conditions?.condition ?? [] })),
		raw: filter?.raw ?? '',
	}));
