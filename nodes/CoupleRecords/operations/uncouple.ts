import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { uncoupleMappings, uncouple as uncoupleWithDependents } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { spelled } from '../../shared/recordReference';
import { runItems } from '../../shared/runItems';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { readSelection, selectedIds, selectionProperties } from '../../shared/selection';
import { withSession } from '../../shared/withSession';

const scopeProperty: INodeProperties = {
	displayName: 'Uncouple',
	name: 'scope',
	type: 'options',
	options: [
		{ name: 'Records of the Input Items', value: 'records', description: 'The record that each input item names' },
		{ name: 'Several Mappings', value: 'mappings', description: 'All coupled records of several mappings, one job for each' },
		{ name: 'Whole Mapping', value: 'mapping', description: 'All coupled records of the mapping' },
	],
	default: 'records',
	description: 'Which couplings are removed. The records themselves stay in both systems.',
};

const mappingsProperty: INodeProperties = {
	displayName: 'Mapping Names or IDs',
	name: 'mappings',
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod: 'getMappings' },
	displayOptions: { show: { scope: ['mappings'] } },
	default: [],
	required: true,
	description:
		'The mappings whose records are all uncoupled. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};

const names = z.preprocess(
	(value) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value),
	z
		.array(z.string().min(1, { error: 'must not hold an empty name.' }), { error: 'must be a list of mappings.' })
		.min(1, { error: 'must hold at least one mapping.' }),
);

const onlyForRecords = (property: INodeProperties): INodeProperties => ({
	...property,
	displayOptions: { show: { scope: ['records'], ...property.displayOptions?.show } },
});

/** Removes couplings, never records. */
export const uncouple: Operation = {
	name: 'Uncouple',
	value: 'uncouple',
	action: 'Uncouple records',
	description: 'Remove the coupling of records, or of a whole mapping. No record is deleted.',
	properties: [
		scopeProperty,
		{ ...mappingProperty, displayOptions: { show: { scope: ['records', 'mapping'] } } },
		mappingsProperty,
		...selectionProperties('Which system the records are named in').map(onlyForRecords),
		previewProperty,
		waitOptionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => {
				const scope = readParameter(context, 'scope', 'Uncouple', itemIndex, oneOf(['records', 'mapping', 'mappings']));
				return {
					connection: readConnectionByHand(context, itemIndex),
					mappings:
						scope === 'mappings'
							? readParameter(context, 'mappings', 'Mappings', itemIndex, names).map(spelled)
							: [readMapping(context, itemIndex)],
					preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
					...(scope === 'records' ? { scope, selection: readSelection(context, itemIndex) } : { scope, selection: undefined }),
				};
			},
			key: ({ selection, ...rest }) => ({ ...rest, side: selection?.side }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const { mappings, preview, selection } = group.first;
					if (!selection) return runItems(context, await uncoupleMappings(session, { mappings, preview }), group.itemIndexes, '');
					const mapping = mappings[0]!;
					const members = group.members.flatMap(({ itemIndex, value }) =>
						value.selection ? [{ itemIndex, value: { selection: value.selection } }] : [],
					);
					const ids = await selectedIds(session, mapping, { ...group, first: { selection }, members });
					if (ids.size === 0) return [[], []];
					const results = await uncoupleWithDependents(session, { mapping, side: selection.side, ids: [...ids.keys()], preview });
					return runItems(context, results, [...ids.values()].flat(), '', (record) => ids.get(record[selection.side]?.id ?? ''));
				}),
		}),
};
