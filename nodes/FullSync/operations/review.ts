import type { IDataObject } from 'n8n-workflow';
import { readConnection } from '../../shared/connectionParameters';
import { reviewFullSync, type ReviewLine } from '../../shared/engine';
import { item, nothingItem } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { lastFullSync, type LastFullSync } from './lastFullSync';
import { mappingSelectionProperties, readMappingSelection } from './mappingSelection';

/** What a full synchronisation would meet: one line per mapping, nothing is written. */
export const review: Operation = {
	name: 'Review',
	value: 'review',
	action: 'Review a full synchronization',
	description:
		'See for each mapping how many records there are, how many are coupled, what it waits for, and what is recommended. Writes nothing.',
	properties: mappingSelectionProperties,
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mappings: readMappingSelection(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const lines = await reviewFullSync(session, { mappings: first.mappings });
					if (lines.length === 0) return [[nothingItem('No mapping takes part in a full synchronization.', itemIndexes)], []];
					if (lines.some(({ recommendation }) => recommendation === 'coupleFirst')) {
						context.addExecutionHints({
							type: 'info',
							location: 'outputPane',
							message: 'Some mappings have records on both sides. Couple them first, or the full synchronization creates duplicates.',
						});
					}
					const items = [];
					for (const line of lines) items.push(item(reviewJson(line, await lastFullSync(session.store, line)), itemIndexes));
					return [items, []];
				}),
		}),
};

const reviewJson = (line: ReviewLine, last: LastFullSync): IDataObject => ({
	mapping: line.mapping,
	order: line.order,
	dependsOn: line.dependsOn,
	direction: line.direction,
	recordsBusinessCentral: line.recordsBusinessCentral,
	recordsCrm: line.recordsCrm,
	atLeast: line.atLeast,
	coupled: line.coupled,
	recommendation: line.recommendation,
	message: line.message,
	status: last.status,
	toJobId: last.toJobId,
	fromJobId: last.fromJobId,
	progress: last.progress,
});
