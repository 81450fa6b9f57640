import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { oneOf, readParameter } from '../../shared/parameters';

/** All mappings, or some of them. */
export const mappingSelectionProperties: INodeProperties[] = [
	{
		displayName: 'Mappings',
		name: 'mappingSelection',
		type: 'options',
		options: [
			{ name: 'All', value: 'all', description: 'All enabled mappings, in dependency order' },
			{ name: 'Selection', value: 'selection', description: 'Only the mappings chosen below, in dependency order' },
		],
		default: 'all',
		description: 'Which table mappings take part',
	},
	{
		displayName: 'Selected Mappings',
		name: 'mappings',
		type: 'multiOptions',
		typeOptions: { loadOptionsMethod: 'getMappings' },
		displayOptions: { show: { mappingSelection: ['selection'] } },
		default: [],
		required: true,
		description:
			'The table mappings that take part. Choose from the list, or specify names using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
	},
];

const names = z.preprocess(
	(value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
	z
		.array(z.string().min(1, { error: 'must not hold an empty name.' }), { error: 'must be a list of mappings.' })
		.min(1, { error: 'must hold at least one mapping.' }),
);

/** Names of the chosen mappings; undefined for all. */
export function readMappingSelection(context: IExecuteFunctions, itemIndex: number): string[] | undefined {
	const selection = readParameter(context, 'mappingSelection', 'Mappings', itemIndex, oneOf(['all', 'selection']));
	return selection === 'all' ? undefined : readParameter(context, 'mappings', 'Selected Mappings', itemIndex, names);
}
