import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { restartMapping as restart } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runItems } from '../../shared/runItems';
import { withChanges } from '../../shared/changeItems';
import { changesWanted, outputProperty, readOutput } from '../../shared/outputProperty';
import { tellNewRecordsStay } from '../newRecordsHint';
import { withSession } from '../../shared/withSession';
import { engineOptions, fullSyncOptionsProperty, fullSyncPreviewProperties, readRunOptions } from './runParameters';

/** One mapping of a full synchronization once more, from its start. */
export const restartMapping: Operation = {
	name: 'Restart Mapping',
	value: 'restartMapping',
	action: 'Restart a mapping of a full synchronization',
	description:
		'Synchronize all records of one mapping once more, from the start, whatever became of it before. Choices made when the full synchronization was started stay.',
	properties: [mappingProperty, ...fullSyncPreviewProperties, outputProperty(), fullSyncOptionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				output: readOutput(context, itemIndex),
				options: readRunOptions(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const results = await restart(session, {
						...engineOptions(first.options),
						...changesWanted(first, first.options),
						preview: first.preview,
						mapping: first.mapping,
						onProgress: (text) => session.log('info', text),
					});
					const items = runItems(context, results, itemIndexes, `${first.mapping} takes part in no full synchronization.`);
					await tellNewRecordsStay(context, session, results);
					return withChanges(context, items, results, { ...first, itemIndexes });
				}),
		}),
};
