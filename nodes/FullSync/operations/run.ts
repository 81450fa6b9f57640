import type { INodeProperties } from 'n8n-workflow';
import { readConnection } from '../../shared/connectionParameters';
import { runFullSync } from '../../shared/engine';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { runItems } from '../../shared/runItems';
import { optionsProperty, previewProperty, requestOptions, runOptions } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { mappingSelectionProperties, readMappingSelection } from './mappingSelection';

const afterwardsProperty: INodeProperties = {
	displayName: 'After the Run',
	name: 'afterwards',
	type: 'options',
	options: [
		{
			name: 'Keep "Synch. Only Coupled Records" as It Was',
			value: 'keep',
			description: 'Scheduled runs go on as before; as a rule they create nothing',
		},
		{
			name: 'Let Scheduled Runs Create Records',
			value: 'allowCreate',
			description: 'Switches "Synch. Only Coupled Records" off for mappings that finished without an error',
		},
	],
	default: 'keep',
	description: 'Whether later scheduled runs may create records for uncoupled ones',
};

/** Everything once, in dependency order; uncoupled records are created and coupled in the other system. */
export const run: Operation = {
	name: 'Run',
	value: 'run',
	action: 'Run a full synchronization',
	description:
		'Synchronize all records of the mappings once, in dependency order. Uncoupled records are created in the other system and coupled. Review first.',
	properties: [...mappingSelectionProperties, afterwardsProperty, previewProperty, optionsProperty('returnChanges', 'stopAfterMinutes')],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mappings: readMappingSelection(context, itemIndex),
				afterwards: readParameter(context, 'afterwards', 'After the Run', itemIndex, oneOf(['keep', 'allowCreate'])),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				options: readParameter(context, 'options', 'Options', itemIndex, runOptions),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { returnChanges, returnFailures, timeBudgetMs } = requestOptions(first.options);
					const results = await runFullSync(session, {
						mappings: first.mappings,
						afterwards: first.afterwards,
						preview: first.preview,
						returnChanges,
						returnFailures,
						timeBudgetMs,
						onProgress: (text) => session.log('info', text),
					});
					return runItems(context, results, itemIndexes, 'No mapping takes part in a full synchronization.');
				}),
		}),
};
