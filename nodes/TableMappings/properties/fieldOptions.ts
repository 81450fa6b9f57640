import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { FieldInput } from '../../../engine';
import { oneOf, wholeNumber, yesOrNo } from '../../shared/parameters';
import { readRules, rulesProperty, rulesSchema } from './rules';

export const fromList = 'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

const yesNo = (displayName: string, name: string, description: string, usual = false): INodeProperties => ({
	displayName,
	name,
	type: 'boolean',
	default: usual,
	description,
});

const optionProperties: INodeProperties[] = [
	{
		displayName: 'Caption',
		name: 'caption',
		type: 'string',
		default: '',
		description: 'The name people know the field by; empty for the field’s own',
	},
	{
		...yesNo('Case-Sensitive', 'caseSensitive', 'Whether capital and small letters make a difference for matching'),
		displayOptions: { show: { match: [true] } },
	},
	yesNo(
		'Clear on Failure',
		'clearOnFailure',
		'Whether a reference that cannot be resolved empties the target instead of failing the record',
	),
	{
		displayName: 'Constant',
		name: 'constant',
		type: 'string',
		default: '',
		description: 'A fixed value for the side that has a field, where the other side has none. Up to 100 characters; a choice by its label.',
	},
	yesNo('Enabled', 'enabled', 'Whether the field takes part in runs', true),
	{
		displayName: 'Match Priority',
		name: 'priority',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 0,
		displayOptions: { show: { match: [true] } },
		description: 'Fields of the same priority belong together; lower numbers are tried first',
	},
	yesNo('Not Null', 'notNull', 'Whether a reference that comes to nothing leaves the target as it is. For lookups only.'),
	yesNo('Only When Created', 'insertOnly', 'Whether the value is written only to records that a run creates'),
	{
		displayName: 'Option Values',
		name: 'options',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'NET30 = 100000001',
		description: 'For choices: codes of Business Central and choice values of CRM that labels do not tell. One per line: code = value.',
	},
	{
		displayName: 'Refers to Mapping Name or ID',
		name: 'refersTo',
		type: 'options',
		typeOptions: { loadOptionsMethod: 'getMappingsOrNone', loadOptionsDependsOn: ['company.value'] },
		default: '',
		description: `For lookups: the table mapping of the records referred to; empty for the only one there is. ${fromList}.`,
	},
	rulesProperty,
	yesNo('Use for Matching', 'match', 'Whether match-based coupling compares this field'),
	{
		displayName: 'When Both Sides Changed It',
		name: 'conflict',
		type: 'options',
		options: [
			{ name: 'As the Mapping Says', value: 'mapping', description: 'The Update Conflict Strategy of the table mapping decides' },
			{ name: 'Ask', value: 'none', description: 'The record fails, and somebody decides' },
			{ name: 'Business Central Wins', value: 'send', description: 'The value of Business Central is kept' },
			{ name: 'CRM Wins', value: 'get', description: 'The value of CRM is kept' },
			{ name: 'Newest Wins', value: 'newest', description: 'The value of the record that was changed last is kept' },
		],
		default: 'mapping',
		description: 'Who wins when this field was changed to different values in both systems. A strategy chosen for one run goes before it.',
	},
];

/** What can be said of a field besides its columns and its direction; what is not added stays as it is. */
export const fieldOptionsProperty: INodeProperties = {
	displayName: 'Field Options',
	name: 'fieldOptions',
	type: 'collection',
	placeholder: 'Add Field Option',
	default: {},
	options: optionProperties,
};

/** Until 0.1.0 they stood beside the columns: workflows that were saved then go on saying what they said. Not shown, and blank where nothing was said. */
export const formerFieldOptions: INodeProperties[] = optionProperties.map(({ displayName, name }) => ({
	displayName,
	name,
	type: 'hidden',
	default: '',
}));

const text = z.string({ error: 'must be text.' });
const options = {
	constant: z.union([z.string(), z.number(), z.boolean()]),
	rules: rulesSchema,
	clearOnFailure: yesOrNo,
	notNull: yesOrNo,
	conflict: oneOf(['mapping', 'none', 'send', 'get', 'newest']),
	match: yesOrNo,
	caseSensitive: yesOrNo,
	priority: wholeNumber(0),
	enabled: yesOrNo,
	insertOnly: yesOrNo,
	refersTo: text,
	options: text,
	caption: text,
};
export const fieldOptionsSchema = z.object(options).partial();

/** Options of a row as it was saved until 0.1.0: a blank stands for what was not said. */
export const formerOptionsSchema = z.preprocess(
	(value) =>
		typeof value === 'object' && value !== null
			? Object.fromEntries(Object.entries(value).filter(([name, each]) => name in options && each !== ''))
			: value,
	fieldOptionsSchema,
);

/** What was added, in the engine's terms. */
export function fieldOptionsFrom(entered: z.infer<typeof fieldOptionsSchema>): Partial<FieldInput> {
	const { rules, conflict, match, caseSensitive, priority, options: values, constant, refersTo, caption, ...plain } = entered;
	return {
		...(Object.fromEntries(Object.entries(plain).filter(([, each]) => each !== undefined)) as Partial<FieldInput>),
		...(constant === undefined ? {} : { constant: constant === '' ? null : constant }),
		...(conflict === undefined ? {} : { conflict: conflict === 'mapping' ? null : conflict }),
		...(match === undefined ? {} : { match: match ? { caseSensitive: caseSensitive ?? false, priority: priority ?? 0 } : null }),
		...(rules === undefined ? {} : { transform: readRules(rules) ?? {} }),
		...(refersTo ? { refersTo } : {}),
		...(values === undefined ? {} : { options: optionsIn(values) }),
		...(caption ? { caption } : {}),
	};
}

const optionsIn = (value: string): Array<{ businessCentral: string; crm: number }> =>
	value
		.split('\n')
		.filter((line) => line.includes('='))
		.map((line) => {
			const sign = line.lastIndexOf('=');
			return { businessCentral: line.slice(0, sign).trim(), crm: Number(line.slice(sign + 1).trim()) };
		});
