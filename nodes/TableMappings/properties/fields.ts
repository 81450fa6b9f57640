import type { IDisplayOptions, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import type { FieldInput } from '../../../engine';
import { labelled, oneOf, readParameter } from '../../shared/parameters';
import {
	fieldOptionsFrom,
	fieldOptionsProperty,
	fieldOptionsSchema,
	formerFieldOptions,
	formerOptionsSchema,
	fromList,
} from './fieldOptions';

/** Chosen where the other side gets a constant; nothing chosen is no choice. */
export const NO_COLUMN = '(none)';

const dependsOn = ['mapping.value', 'businessCentralTable.value', 'crmTable.value', 'company.value', 'authentication', 'operation'];

const DIRECTIONS = [
	{ name: 'Both Ways', value: 'bidirectional' },
	{ name: 'Business Central to CRM', value: 'toCrm' },
	{ name: 'CRM to Business Central', value: 'fromCrm' },
];

function column(displayName: string, name: string, method: string, displayOptions?: IDisplayOptions): INodeProperties {
	return {
		displayName,
		name,
		type: 'options',
		typeOptions: { loadOptionsMethod: method, loadOptionsDependsOn: dependsOn },
		default: '',
		description: fromList,
		...(displayOptions ? { displayOptions } : {}),
	};
}

const columns = (displayOptions?: IDisplayOptions): INodeProperties[] => [
	column('Business Central Field Name or ID', 'businessCentralField', 'getFieldsOfBusinessCentral', displayOptions),
	column('CRM Column Name or ID', 'crmColumn', 'getColumnsOfCrm', displayOptions),
];

const list = (description: string, values: INodeProperties[]): INodeProperties => ({
	displayName: 'Field Mappings',
	name: 'fieldMappings',
	type: 'fixedCollection',
	typeOptions: {
		multipleValues: true,
		sortable: true,
		fixedCollection: {
			itemTitle:
				'={{ $collection.item.value.field || [$collection.item.value.businessCentralField, $collection.item.value.crmColumn].filter(Boolean).join(" ↔ ") }}',
		},
	},
	placeholder: 'Add field mapping',
	default: {},
	description,
	options: [{ displayName: 'Field Mapping', name: 'fields', values: [...values, ...formerFieldOptions] }],
});

/** The field mappings of a new mapping, as a sortable table. */
export const newFieldsProperty = list('Which Business Central field travels to and from which CRM column', [
	...columns(),
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		options: DIRECTIONS,
		default: 'bidirectional',
		description: 'The direction in which the value travels',
	},
	fieldOptionsProperty,
]);

const there: IDisplayOptions = { show: { '/manner': ['change', 'remove'] } };

/** Until 0.1.0 a field that is there was named by its columns: workflows that were saved then go on saying so. */
const formerColumns = columns(there).map(({ displayName, name, displayOptions }): INodeProperties => ({
	displayName,
	name,
	type: 'hidden',
	default: '',
	displayOptions: displayOptions!,
}));

/** Field mappings to be added to those there are, or to take their place; or changes of them. */
export const fieldsProperty = list('The field mappings that the manner is about', [
	{ ...column('Field Mapping Name or ID', 'field', 'getFieldMappings', there), description: `One that is there. ${fromList}.` },
	...columns({ show: { '/manner': ['add', 'replace'] } }),
	...formerColumns,
	{
		displayName: 'Direction',
		name: 'direction',
		type: 'options',
		options: [{ name: 'As It Is', value: 'asItIs', description: 'A new field travels both ways' }, ...DIRECTIONS],
		default: 'asItIs',
		description: 'The direction in which the value travels',
		displayOptions: { hide: { '/manner': ['remove'] } },
	},
	{ ...fieldOptionsProperty, displayOptions: { hide: { '/manner': ['remove'] } } },
]);

const text = z.string({ error: 'must be text.' });
const row = z
	.object({
		field: text.default(''),
		businessCentralField: text.default(''),
		crmColumn: text.default(''),
		direction: oneOf(['asItIs', 'bidirectional', 'toCrm', 'fromCrm']).default('asItIs'),
		fieldOptions: fieldOptionsSchema.default({}),
	})
	.and(formerOptionsSchema);

const fields = labelled(z.object({ fields: z.array(row).optional() }, { error: 'must be a list of field mappings.' }), {
	field: 'Field Mapping',
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
	return rows.map(({ field, businessCentralField, crmColumn, direction, fieldOptions, ...former }) => ({
		...fieldOptionsFrom({ ...former, ...fieldOptions }),
		...(field === '' ? {} : { key: field }),
		bcField: named(businessCentralField),
		crmField: named(crmColumn),
		...(direction === 'asItIs' ? {} : { direction }),
	}));
}

const named = (column: string): string | null => (column === '' || column === NO_COLUMN ? null : column);
