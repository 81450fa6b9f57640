import { readConnection } from '../../shared/connectionParameters';
import { synchronizeAll } from '../../../engine';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { direction, directionProperty, optionsProperty, previewProperty, requestOptions, runOptions } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { runItems } from '../../shared/runItems';

/** One workflow for everything: modified records of every enabled mapping, those first that others refer to. */
export const synchronizeAllMappings: Operation = {
	name: 'Synchronize All Mappings',
	value: 'synchronizeAll',
	action: 'Synchronize modified records of all mappings',
	description: 'Synchronize the modified records of all enabled mappings, in dependency order',
	properties: [
		directionProperty,
		previewProperty,
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
				direction: readParameter(context, 'direction', 'Direction', itemIndex, direction),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				options: readParameter(context, 'options', 'Options', itemIndex, runOptions),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const results = await synchronizeAll(session, {
						...requestOptions(first.options),
						preview: first.preview,
						...(first.direction === 'mapping' ? {} : { direction: first.direction }),
					});
					return runItems(context, results, itemIndexes, 'No mapping is enabled that serves this direction.');
				}),
		}),
};
