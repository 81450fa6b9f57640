import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { synchronizeMapping } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { direction, directionProperty, optionsProperty, previewProperty, requestOptions, runOptions } from '../../shared/runProperties';
import { readSelection, selectedIds, selectionProperties } from '../../shared/selection';
import { withSession } from '../../shared/withSession';
import { runItems } from '../../shared/runItems';

/** Records somebody names, one per input item; all of a mapping and a system travel in one run. */
export const synchronizeSelected: Operation = {
	name: 'Synchronize Selected Records',
	value: 'synchronizeSelected',
	action: 'Synchronize selected records of a mapping',
	description: 'Synchronize now the records that the input items name, one per item, whether they changed or not',
	properties: [
		mappingProperty,
		...selectionProperties('Which system the records to synchronize are named in'),
		directionProperty,
		previewProperty,
		optionsProperty(
			'allowMassChanges',
			'createUncoupled',
			'conflict',
			'deletion',
			'pullDependencies',
			'nothingCoupled',
			'returnChanges',
			'stopAfterMinutes',
			'waitSeconds',
		),
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				selection: readSelection(context, itemIndex),
				direction: readParameter(context, 'direction', 'Direction', itemIndex, direction),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				options: readParameter(context, 'options', 'Options', itemIndex, runOptions),
			}),
			key: ({ selection, ...rest }) => ({ ...rest, side: selection.side }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const { first } = group;
					const { side } = first.selection;
					const ids = await selectedIds(session, first.mapping, group);
					if (ids.size === 0) return [[], []];
					const results = await synchronizeMapping(session, {
						...requestOptions(first.options),
						mapping: first.mapping,
						preview: first.preview,
						selected: { side, ids: [...ids.keys()] },
						...(first.direction === 'mapping' ? {} : { direction: first.direction }),
					});
					const nothing = `The mapping ${first.mapping} has nothing to run in this direction.`;
					return runItems(context, results, [...ids.values()].flat(), nothing, (record) => ids.get(record[side]?.id ?? ''));
				}),
		}),
};
