import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { type FailedRecord, synchronizeMapping } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { direction, directionProperty, optionsProperty, previewProperty, requestOptions, runOptions } from '../../shared/runProperties';
import { readSelection, selectedIds, selectionProperties } from '../../shared/selection';
import { selectedItems } from '../../shared/selectedItems';
import { withSession } from '../../shared/withSession';
import { withChanges } from '../../shared/changeItems';
import { changesWanted, outputProperty, readOutput } from '../../shared/outputProperty';
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
		outputProperty(
			'One item per input item, linked to it: what was done with its record, all of them whatever Return Changed Records Up To says; those that failed are on the output Failed',
		),
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
				output: readOutput(context, itemIndex),
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
						...(first.output === 'usual' ? { returnChanges: 2 * ids.size } : changesWanted(first, first.options)),
						mapping: first.mapping,
						preview: first.preview,
						selected: { side, ids: [...ids.keys()] },
						...(first.direction === 'mapping' ? {} : { direction: first.direction }),
					});
					const nothing = `The mapping ${first.mapping} has nothing to run in this direction.`;
					const itemIndexes = [...ids.values()].flat();
					const itemsOf = (record: Pick<FailedRecord, 'businessCentral' | 'crm'>) => ids.get(record[side]?.id ?? '');
					const lists = runItems(context, results, itemIndexes, nothing, itemsOf);
					if (first.output === 'usual' && results.length > 0) {
						const couples = await session.store.couplingsOf(first.mapping, side, [...ids.keys()]);
						return [selectedItems(results, { side, ids, couples }), lists[1] ?? []];
					}
					return withChanges(context, lists, results, { ...first, itemIndexes, itemsOf });
				}),
		}),
};
