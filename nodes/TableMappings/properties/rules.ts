import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { type FieldMapping, type ParameterSpec, type TransformationRule, TRANSFORMATIONS } from '../../../engine';

/** A rule's parameters stand beside each other in the editor, each shown for its rule only. */
const nameOf = (rule: string, parameter: string): string => `${rule}_${parameter}`;

function parameterProperty(rule: string, spec: ParameterSpec): INodeProperties {
	const common = {
		displayName: spec.caption,
		name: nameOf(rule, spec.name),
		description: spec.type === 'switch' ? spec.description : described(spec),
		displayOptions: { show: { rule: [rule] } },
	};
	switch (spec.type) {
		case 'number':
			return { ...common, type: 'number', default: Number(spec.default) };
		case 'switch':
			return { ...common, type: 'boolean', default: spec.default === true };
		case 'choice':
			return {
				...common,
				type: 'options',
				options: (spec.choices ?? []).map(({ value, caption }) => ({ name: caption, value })),
				default: String(spec.default),
			};
		case 'pairs':
			return { ...common, type: 'string', typeOptions: { rows: 4 }, default: '', placeholder: 'DE = Germany' };
		case 'fields':
			return { ...common, type: 'string', default: '', placeholder: 'mobilePhone, phoneNumber' };
		case 'text':
			return { ...common, type: 'string', default: String(spec.default ?? ''), placeholder: spec.placeholder ?? '' };
	}
}

const described = ({ type, description }: ParameterSpec): string =>
	type === 'pairs'
		? `${description} One per line: value = what it becomes.`
		: type === 'fields'
			? `${description} Names, separated by commas.`
			: description;

/** The list of transformation rules of a field. */
export const rulesProperty: INodeProperties = {
	displayName: 'Transformation Rules',
	name: 'rules',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, sortable: true },
	placeholder: 'Add rule',
	default: {},
	description: 'What changes the value on its way, in this order',
	options: [
		{
			displayName: 'Rule',
			name: 'rule',
			values: [
				{
					displayName: 'Way',
					name: 'way',
					type: 'options',
					options: [
						{ name: 'Business Central to CRM', value: 'toCrm' },
						{ name: 'CRM to Business Central', value: 'fromCrm' },
					],
					default: 'toCrm',
					description: 'The direction in which the rule is applied',
				},
				{
					displayName: 'Rule',
					name: 'rule',
					type: 'options',
					options: [...TRANSFORMATIONS]
						.sort((a, b) => a.caption.localeCompare(b.caption))
						.map(({ name, caption, description }) => ({ name: caption, value: name, description })),
					default: 'trim',
					description: 'What is done with the value',
				},
				...TRANSFORMATIONS.flatMap(({ name, parameters }) => parameters.map((spec) => parameterProperty(name, spec))),
			],
		},
	],
};

export const rulesSchema = z
	.object({ rule: z.array(z.looseObject({ way: z.enum(['toCrm', 'fromCrm']), rule: z.string() })).optional() })
	.optional();

/** Rules by direction; undefined when none was entered. */
export function readRules(value: z.infer<typeof rulesSchema>): FieldMapping['transform'] | undefined {
	const rows = value?.rule ?? [];
	if (rows.length === 0) return undefined;
	const of = (way: 'toCrm' | 'fromCrm'): TransformationRule[] =>
		rows.filter((row) => row.way === way).map((row) => ({ rule: row.rule, parameters: parametersOf(row) }));
	const [toCrm, fromCrm] = [of('toCrm'), of('fromCrm')];
	return { ...(toCrm.length > 0 ? { toCrm } : {}), ...(fromCrm.length > 0 ? { fromCrm } : {}) };
}

function parametersOf(row: Record<string, unknown> & { rule: string }): TransformationRule['parameters'] {
	const specs = TRANSFORMATIONS.find(({ name }) => name === row.rule)?.parameters ?? [];
	const parameters: Record<string, TransformationRule['parameters'][string]> = {};
	for (const spec of specs) {
		const value = row[nameOf(row.rule, spec.name)];
		if (value === undefined || value === null || value === '') continue;
		if (spec.type === 'pairs') parameters[spec.name] = pairsIn(String(value));
		else if (spec.type === 'fields') parameters[spec.name] = listIn(String(value)).map((field) => ({ field }));
		else parameters[spec.name] = value as string | number | boolean;
	}
	return parameters;
}

const pairsIn = (text: string): Array<{ from: string; to: string }> =>
	text
		.split('\n')
		.filter((line) => line.trim() !== '')
		.map((line) => {
			const sign = line.indexOf('=');
			return sign < 0 ? { from: line.trim(), to: '' } : { from: line.slice(0, sign).trim(), to: line.slice(sign + 1).trim() };
		});

const listIn = (text: string): string[] =>
	text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '');
