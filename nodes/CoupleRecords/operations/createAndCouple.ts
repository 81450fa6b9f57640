import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { createAndCouple } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { runItems } from '../../shared/runItems';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { readSelection, selectedIds, selectionProperties } from '../../shared/selection';
import { withSession } from '../../shared/withSession';

/** Records that have no partner yet get a new one in the other system. */
export const createRecordsAndCouple: Operation = {
	name: 'Create and Couple',
	value: 'createAndCouple',
	action: 'Create records in the other system and couple them',
	description:
		'Create a new record in the other system for each record named by the input items, and couple the two. Coupled records are left as they are.',
	properties: [
		mappingProperty,
		...selectionProperties('Which system the existing records are in; new ones are created in the other'),
		previewProperty,
		waitOptionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				selection: readSelection(context, itemIndex),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: ({ selection, ...rest }) => ({ ...rest, side: selection.side }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const { mapping, preview, selection } = group.first;
					const { side } = selection;
					const ids = await selectedIds(session, mapping, group);
					if (ids.size === 0) return [[], []];
					const result = await createAndCouple(session, { mapping, side, ids: [...ids.keys()], preview });
					return runItems(context, [result], [...ids.values()].flat(), '', (record) => ids.get(record[side]?.id ?? ''));
				}),
		}),
};
