import type { INodeProperties } from 'n8n-workflow';
import { readConnectionByHand } from '../../shared/connectionParameters';
import { runFullSync } from '../../../engine';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { runItems } from '../../shared/runItems';
import { tellNewRecordsStay } from '../newRecordsHint';
import { previewProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { mappingSelectionProperties, readMappingSelection } from './mappingSelection';
import { afterwardsProperty, bothSidesProperty, engineOptions, fullSyncOptionsProperty, readRunOptions } from './runParameters';

/** Workflows that were saved with version 1 say nothing where they write: what they do must not change. */
const previewProperties: INodeProperties[] = [
	{ ...previewProperty, displayOptions: { show: { '@version': [1] } } },
	{ ...previewProperty, default: true, displayOptions: { hide: { '@version': [1] } } },
];

/** Everything once, in dependency order; uncoupled records are created and coupled in the other system. */
export const run: Operation = {
	name: 'Run',
	value: 'run',
	action: 'Run a full synchronization',
	description:
		'Synchronize all records of the mappings once, in dependency order and from the start. Uncoupled records are created in the other system and coupled. Review first.',
	properties: [...mappingSelectionProperties, bothSidesProperty, afterwardsProperty, ...previewProperties, fullSyncOptionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mappings: readMappingSelection(context, itemIndex),
				afterwards: readParameter(context, 'afterwards', 'New Records From Now On', itemIndex, oneOf(['keep', 'allowCreate'])),
				bothSides: readParameter(context, 'bothSides', 'When Both Sides Hold Data', itemIndex, oneOf(['matchFirst', 'createAll'])),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				options: readRunOptions(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const results = await runFullSync(session, {
						...engineOptions(first.options),
						mappings: first.mappings,
						afterwards: first.afterwards,
						bothSides: first.bothSides,
						preview: first.preview,
						onProgress: (text) => session.log('info', text),
					});
					const items = runItems(context, results, itemIndexes, 'No mapping takes part in a full synchronization.');
					await tellNewRecordsStay(context, session, results);
					return items;
				}),
		}),
};
