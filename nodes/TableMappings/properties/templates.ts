import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { TemplateInput } from '../../../engine';
import { wholeNumber } from '../../shared/parameters';
import { filterProperty, filterSchema } from './filters';

const valuesProperty = (method: string): INodeProperties => ({
	displayName: 'Values',
	name: 'values',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add value',
	default: {},
	description: 'What the new record gets; it wins over mapped values',
	options: [
		{
			displayName: 'Value',
			name: 'value',
			values: [
				{
					displayName: 'Field Name or ID',
					name: 'field',
					type: 'options',
					typeOptions: { loadOptionsMethod: method },
					default: '',
					description: 'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					description: 'A choice by its label; a lookup by the id of its row',
				},
			],
		},
	],
});

/** Templates for records that runs create on one side; their filters look at the record they are made from. */
export const templatesProperty = (side: 'businessCentral' | 'crm'): INodeProperties => {
	const bc = side === 'businessCentral';
	const [own, other] = bc ? ['getFieldsOfBusinessCentral', 'getColumnsOfCrm'] : ['getColumnsOfCrm', 'getFieldsOfBusinessCentral'];
	return {
		displayName: bc ? 'Templates for Business Central' : 'Templates for CRM',
		name: bc ? 'businessCentralTemplates' : 'crmTemplates',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true, sortable: true },
		placeholder: 'Add template',
		default: {},
		description: `Values for records that runs create in ${bc ? 'Business Central' : 'CRM'}. Those set here replace all templates there were.`,
		options: [
			{
				displayName: 'Template',
				name: 'template',
				values: [
					{ displayName: 'Name', name: 'name', type: 'string', default: '', description: 'A name to know the template by' },
					{
						displayName: 'Priority',
						name: 'priority',
						type: 'number',
						default: 0,
						description: 'Templates with lower numbers are tried first; the first whose filter the source record meets is taken',
					},
					filterProperty(
						'Filter',
						'filter',
						other,
						`Which records of ${bc ? 'CRM' : 'Business Central'} the template is for; all without one`,
					),
					valuesProperty(own),
				],
			},
		],
	};
};

const value = z.union([z.string(), z.number(), z.boolean()]).default('');

/** What `templatesProperty` holds. */
export const templatesSchema = z.object({
	template: z
		.array(
			z.object({
				name: z.string().trim().min(1, { error: 'must have a name.' }),
				priority: wholeNumber(0).default(0),
				filter: filterSchema.optional(),
				values: z.object({ value: z.array(z.object({ field: z.string().trim().min(1), value })).optional() }).optional(),
			}),
		)
		.optional(),
});

export const templatesOf = (side: 'businessCentral' | 'crm', given: z.infer<typeof templatesSchema> | undefined): TemplateInput[] =>
	(given?.template ?? []).map(({ name, priority, filter, values }) => ({
		side,
		name,
		priority,
		filter: filter ?? {},
		values: values?.value ?? [],
	}));
