import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { oneOf, readParameter } from '../../shared/parameters';
import { spelled } from '../../shared/recordReference';

/** All mappings, or some of them. */
export const whichProperties: INodeProperties[] = [
	{
		displayName: 'Mappings',
		name: 'which',
		type: 'options',
		options: [
			{ name: 'All', value: 'all', description: 'All mappings; an export holds those that are your own or were changed' },
			{ name: 'Selection', value: 'selection', description: 'Only the mappings chosen below' },
		],
		default: 'selection',
		description: 'Which table mappings',
	},
	{
		displayName: 'Mapping Names or IDs',
		name: 'mappings',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getMappings', loadOptionsDependsOn: ['company.value'] },
		displayOptions: { show: { which: ['selection'] } },
		default: [],
		required: true,
		description:
			'The table mappings. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
];

const names = z.preprocess(
	(value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
	z
		.array(z.string().min(1, { error: 'must not hold an empty name.' }), { error: 'must be a list of mappings.' })
		.min(1, { error: 'must hold at least one mapping.' }),
);

/** Undefined for all. */
export const chosenNames = (context: IExecuteFunctions, itemIndex: number): string[] | undefined =>
	readParameter(context, 'which', 'Mappings', itemIndex, oneOf(['all', 'selection'])) === 'all'
		? undefined
		: readParameter(context, 'mappings', 'Mappings', itemIndex, names).map(spelled);
