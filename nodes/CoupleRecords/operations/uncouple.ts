import type { INodeProperties } from 'n8n-workflow';
import { readConnection, readMapping } from '../../shared/connectionParameters';
import { uncoupleRecords } from '../../shared/engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { runItems } from '../../shared/runItems';
import { previewProperty } from '../../shared/runProperties';
import { readSelection, selectedIds, selectionProperties } from '../../shared/selection';
import { withSession } from '../../shared/withSession';

const scopeProperty: INodeProperties = {
	displayName: 'Uncouple',
	name: 'scope',
	type: 'options',
	options: [
		{ name: 'Records of the Input Items', value: 'records', description: 'The record that each input item names' },
		{ name: 'Whole Mapping', value: 'mapping', description: 'All coupled records of the mapping' },
	],
	default: 'records',
	description: 'Which couplings are removed. The records themselves stay in both systems.',
};

const onlyForRecords = (property: INodeProperties): INodeProperties => ({
	...property,
	displayOptions: { show: { scope: ['records'], ...property.displayOptions?.show } },
});

/** Removes couplings, never records (sync semantics §16). */
export const uncouple: Operation = {
	name: 'Uncouple',
	value: 'uncouple',
	action: 'Uncouple records',
	description: 'Remove the coupling of records, or of a whole mapping. No record is deleted.',
	properties: [
		mappingProperty,
		scopeProperty,
		...selectionProperties('Which system the records are named in').map(onlyForRecords),
		previewProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => {
				const scope = readParameter(context, 'scope', 'Uncouple', itemIndex, oneOf(['records', 'mapping']));
				return {
					connection: readConnection(context, itemIndex),
					mapping: readMapping(context, itemIndex),
					preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
					...(scope === 'records' ? { scope, selection: readSelection(context, itemIndex) } : { scope, selection: undefined }),
				};
			},
			key: ({ selection, ...rest }) => ({ ...rest, side: selection?.side }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const { mapping, preview, selection } = group.first;
					if (!selection) {
						const result = await uncoupleRecords(session, { mapping, side: 'businessCentral', preview });
						return runItems(context, [result], group.itemIndexes, '');
					}
					const members = group.members.flatMap(({ itemIndex, value }) =>
						value.selection ? [{ itemIndex, value: { selection: value.selection } }] : [],
					);
					const ids = await selectedIds(session, mapping, { ...group, first: { selection }, members });
					if (ids.size === 0) return [[], []];
					const result = await uncoupleRecords(session, { mapping, side: selection.side, ids: [...ids.keys()], preview });
					return runItems(context, [result], [...ids.values()].flat(), '', (record) => ids.get(record[selection.side]?.id ?? ''));
				}),
		}),
};
