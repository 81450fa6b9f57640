import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { FieldInput } from '../../../engine';
import { labelled, oneOf, readParameter, wholeNumber, yesOrNo } from '../../shared/parameters';
import { readRules, rulesProperty, rulesSchema } from './rules';

const dependsOn = ['mapping.value', 'businessCentralTable.value', 'crmTable.value', 'company.value', 'authentication', 'operation'];
const fromList = 'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

const column = (displayName: string, name: string, method: string): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	typeOptions: { loadOptionsMethod: method, loadOptionsDependsOn: dependsOn },
	default: '',
	description: fromList,
});

const yesNo = (displayName: string, name: string, description: string, usual = false): INodeProperties => ({
	displayName,
	name,
	type: 'boolean',
	default: usual,
	description,
});

/** The field mappings as a sortable table. */
export const fieldsProperty: INodeProperties = {
	displayName: 'Field Mappings',
	name: 'fieldMappings',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add field mapping',
	default: {},
	description: 'Which Business Central field travels to and from which CRM column',
	options: [
		{
			displayName: 'Field Mapping',
			name: 'fields',
			values: [
				column('Business Central Field Name or ID', 'businessCentralField', 'getFieldsOfBusinessCentral'),
				column('CRM Column Name or ID', 'crmColumn', 'getColumnsOfCrm'),
				{
					displayName: 'Direction',
					name: 'direction',
					type: 'options',
					options: [
						{ name: 'Both Ways', value: 'bidirectional' },
						{ name: 'Business Central to CRM', value: 'toCrm' },
						{ name: 'CRM to Business Central', value: 'fromCrm' },
					],
					default: 'bidirectional',
					description: 'The direction in which the value travels',
				},
				{
					displayName: 'Constant',
					name: 'constant',
					type: 'string',
					default: '',
					description:
						'A fixed value for the side that has a field, where the other side has none. Up to 100 characters; a choice by its label.',
				},
				rulesProperty,
				yesNo(
					'Clear on Failure',
					'clearOnFailure',
					'Whether a reference that cannot be resolved empties the target instead of failing the record',
				),
				yesNo('Not Null', 'notNull', 'Whether a reference that comes to nothing leaves the target as it is. For lookups only.'),
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
					description:
						'Who wins when this field was changed to different values in both systems. A strategy chosen for one run goes before it.',
				},
				yesNo('Use for Matching', 'match', 'Whether match-based coupling compares this field'),
				{
					...yesNo('Case-Sensitive', 'caseSensitive', 'Whether capital and small letters make a difference for matching'),
					displayOptions: { show: { match: [true] } },
				},
				{
					displayName: 'Match Priority',
					name: 'priority',
					type: 'number',
					typeOptions: { minValue: 0 },
					default: 0,
					displayOptions: { show: { match: [true] } },
					description: 'Fields of the same priority belong together; lower numbers are tried first',
				},
				yesNo('Enabled', 'enabled', 'Whether the field takes part in runs', true),
				yesNo('Only When Created', 'insertOnly', 'Whether the value is written only to records that a run creates'),
				{
					displayName: 'Refers to Mapping Name or ID',
					name: 'refersTo',
					type: 'options',
					typeOptions: { loadOptionsMethod: 'getMappingsOrNone', loadOptionsDependsOn: ['company.value'] },
					default: '',
					description: `For lookups: the table mapping of the records referred to; empty for the only one there is. ${fromList}.`,
				},
				{
					displayName: 'Option Values',
					name: 'options',
					type: 'string',
					typeOptions: { rows: 3 },
					default: '',
					placeholder: 'NET30 = 100000001',
					description:
						'For choices: codes of Business Central and choice values of CRM that labels do not tell. One per line: code = value.',
				},
				{
					displayName: 'Caption',
					name: 'caption',
					type: 'string',
					default: '',
					description: 'The name people know the field by; empty for the field’s own',
				},
			],
		},
	],
};

const text = z.string({ error: 'must be text.' });
const row = z.object({
	businessCentralField: text.default(''),
	crmColumn: text.default(''),
	direction: oneOf(['bidirectional', 'toCrm', 'fromCrm']).default('bidirectional'),
	constant: z.union([z.string(), z.number(), z.boolean()]).default(''),
	rules: rulesSchema,
	clearOnFailure: yesOrNo.optional(),
	notNull: yesOrNo.optional(),
	conflict: oneOf(['mapping', 'none', 'send', 'get', 'newest']).optional(),
	match: yesOrNo.optional(),
	caseSensitive: yesOrNo.default(false),
	priority: wholeNumber(0).default(0),
	enabled: yesOrNo.default(true),
	insertOnly: yesOrNo.optional(),
	refersTo: text.default(''),
	options: text.default(''),
	caption: text.default(''),
});

const fields = labelled(z.object({ fields: z.array(row).optional() }, { error: 'must be a list of field mappings.' }), {
	businessCentralField: 'Business Central Field',
	crmColumn: 'CRM Column',
	direction: 'Direction',
	constant: 'Constant',
	conflict: 'When Both Sides Changed It',
	priority: 'Match Priority',
	enabled: 'Enabled',
});

/** Field mappings as they stand in the node, in their order. */
export function readFields(context: IExecuteFunctions, itemIndex: number): FieldInput[] {
	const { fields: rows = [] } = readParameter(context, 'fieldMappings', 'Field Mappings', itemIndex, fields);
	return rows.map(
		({
			businessCentralField,
			crmColumn,
			constant,
			rules,
			conflict,
			match,
			caseSensitive,
			priority,
			refersTo,
			options,
			caption,
			...rest
		}) => {
			return {
				...defined(rest),
				bcField: businessCentralField || null,
				crmField: crmColumn || null,
				direction: rest.direction,
				...(constant === '' ? {} : { constant }),
				...(conflict === undefined ? {} : { conflict: conflict === 'mapping' ? null : conflict }),
				...(match === undefined ? {} : { match: match ? { caseSensitive, priority } : null }),
				// A row says all about its field: without rules there are none.
				transform: readRules(rules) ?? {},
				...(refersTo ? { refersTo } : {}),
				...(options.trim() ? { options: optionsIn(options) } : {}),
				...(caption ? { caption } : {}),
			};
		},
	);
}

const defined = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;

const optionsIn = (value: string): Array<{ businessCentral: string; crm: number }> =>
	value
		.split('\n')
		.filter((line) => line.includes('='))
		.map((line) => {
			const sign = line.lastIndexOf('=');
			return { businessCentral: line.slice(0, sign).trim(), crm: Number(line.slice(sign + 1).trim()) };
		});
