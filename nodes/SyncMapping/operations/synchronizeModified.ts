import { readConnection, readMapping } from '../../shared/connectionParameters';
import { synchronizeMapping } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { direction, directionProperty, optionsProperty, previewProperty, requestOptions, runOptions } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { withChanges } from '../../shared/changeItems';
import { changesWanted, outputProperty, readOutput } from '../../shared/outputProperty';
import { runItems } from '../../shared/runItems';

/** The scheduled use: what changed since the last run, and what failed before. */
export const synchronizeModified: Operation = {
	name: 'Synchronize Modified Records',
	value: 'synchronizeModified',
	action: 'Synchronize modified records of a mapping',
	description: 'Synchronize the records that changed since the last run, and those that failed before. Made for scheduled workflows.',
	properties: [
		mappingProperty,
		directionProperty,
		previewProperty,
		outputProperty(),
		optionsProperty(
			'allowMassChanges',
			'createUncoupled',
			'conflict',
			'deletion',
			'pullDependencies',
			'findDeleted',
			'force',
			'nothingCoupled',
			'recordLimit',
			'returnChanges',
			'stopAfterMinutes',
			'traces',
		),
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				direction: readParameter(context, 'direction', 'Direction', itemIndex, direction),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				output: readOutput(context, itemIndex),
				options: readParameter(context, 'options', 'Options', itemIndex, runOptions),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const results = await synchronizeMapping(session, {
						...requestOptions(first.options),
						...changesWanted(first, first.options),
						mapping: first.mapping,
						preview: first.preview,
						...(first.direction === 'mapping' ? {} : { direction: first.direction }),
					});
					const lists = runItems(context, results, itemIndexes, `The mapping ${first.mapping} has nothing to run in this direction.`);
					return withChanges(context, lists, results, { ...first, itemIndexes });
				}),
		}),
};
