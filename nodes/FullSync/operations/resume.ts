import { readConnectionByHand } from '../../shared/connectionParameters';
import { resumeFullSync } from '../../../engine';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runItems } from '../../shared/runItems';
import { withChanges } from '../../shared/changeItems';
import { changesWanted, outputProperty, readOutput } from '../../shared/outputProperty';
import { tellNewRecordsStay } from '../newRecordsHint';
import { withSession } from '../../shared/withSession';
import { mappingSelectionProperties, readMappingSelection } from './mappingSelection';
import { engineOptions, fullSyncOptionsProperty, fullSyncPreviewProperties, readRunOptions } from './runParameters';

/** Goes on with a full synchronization that was stopped, or whose process died. */
export const resume: Operation = {
	name: 'Resume',
	value: 'resume',
	action: 'Resume a full synchronization',
	description:
		'Go on with the full synchronization that was started last: from the last recorded page where one was interrupted, and with the mappings whose turn had not come. Choices made when it was started stay.',
	properties: [...mappingSelectionProperties, ...fullSyncPreviewProperties, outputProperty(), fullSyncOptionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mappings: readMappingSelection(context, itemIndex),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				output: readOutput(context, itemIndex),
				options: readRunOptions(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const results = await resumeFullSync(session, {
						...engineOptions(first.options),
						...changesWanted(first, first.options),
						preview: first.preview,
						mappings: first.mappings,
						onProgress: (text) => session.log('info', text),
					});
					const items = runItems(context, results, itemIndexes, 'There is no unfinished full synchronization to go on with.');
					await tellNewRecordsStay(context, session, results);
					return withChanges(context, items, results, { ...first, itemIndexes });
				}),
		}),
};
