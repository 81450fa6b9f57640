import { readConnection } from '../../shared/connectionParameters';
import type { IExecuteFunctions } from 'n8n-workflow';
import { notServing, synchronizeAll } from '../../../engine';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { direction, directionProperty, optionsProperty, previewProperty, requestOptions, runOptions } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { withChanges } from '../../shared/changeItems';
import { changesWanted, outputProperty, readOutput } from '../../shared/outputProperty';
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
				direction: readParameter(context, 'direction', 'Direction', itemIndex, direction),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				output: readOutput(context, itemIndex),
				options: readParameter(context, 'options', 'Options', itemIndex, runOptions),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const results = await synchronizeAll(session, {
						...requestOptions(first.options),
						...changesWanted(first, first.options),
						preview: first.preview,
						...(first.direction === 'mapping' ? {} : { direction: first.direction }),
					});
					if (first.direction !== 'mapping') tellNotServing(context, await notServing(session, first.direction));
					const lists = runItems(context, results, itemIndexes, 'No mapping is enabled that serves this direction.');
					return withChanges(context, lists, results, { ...first, itemIndexes });
				}),
		}),
};

/** Mappings that take no part are no jobs; whoever watches is to know them all the same. */
function tellNotServing(context: IExecuteFunctions, names: readonly string[]): void {
	if (names.length === 0) return;
	const message = `Not run, because ${names.length === 1 ? 'it does' : 'they do'} not run in this direction: ${names.join(', ')}.`;
	context.addExecutionHints({ type: 'info', location: 'outputPane', message });
}
