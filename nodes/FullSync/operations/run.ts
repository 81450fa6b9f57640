import { readConnectionByHand } from '../../shared/connectionParameters';
import { runFullSync } from '../../../engine';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { runItems } from '../../shared/runItems';
import { tellNewRecordsStay } from '../newRecordsHint';
import { withChanges } from '../../shared/changeItems';
import { changesWanted, outputProperty, readOutput } from '../../shared/outputProperty';
import { withSession } from '../../shared/withSession';
import { mappingSelectionProperties, readMappingSelection } from './mappingSelection';
import {
	afterwardsProperty,
	bothSidesProperty,
	engineOptions,
	fullSyncOptionsProperty,
	fullSyncPreviewProperties,
	readRunOptions,
} from './runParameters';

/** Everything once, in dependency order; uncoupled records are created and coupled in the other system. */
export const run: Operation = {
	name: 'Run',
	value: 'run',
	action: 'Run a full synchronization',
	description:
		'Synchronize all records of the mappings once, in dependency order and from the start. Uncoupled records are created in the other system and coupled. Review first.',
	properties: [
		...mappingSelectionProperties,
		bothSidesProperty,
		afterwardsProperty,
		...fullSyncPreviewProperties,
		outputProperty(),
		fullSyncOptionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mappings: readMappingSelection(context, itemIndex),
				afterwards: readParameter(context, 'afterwards', 'New Records From Now On', itemIndex, oneOf(['keep', 'allowCreate'])),
				bothSides: readParameter(context, 'bothSides', 'When Both Sides Hold Data', itemIndex, oneOf(['matchFirst', 'createAll'])),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				output: readOutput(context, itemIndex),
				options: readRunOptions(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const results = await runFullSync(session, {
						...engineOptions(first.options),
						...changesWanted(first, first.options),
						mappings: first.mappings,
						afterwards: first.afterwards,
						bothSides: first.bothSides,
						preview: first.preview,
						onProgress: (text) => session.log('info', text),
					});
					const items = runItems(context, results, itemIndexes, 'No mapping takes part in a full synchronization.');
					await tellNewRecordsStay(context, session, results);
					return withChanges(context, items, results, { ...first, itemIndexes });
				}),
		}),
};
