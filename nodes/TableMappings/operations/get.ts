import { readConnection, readMapping } from '../../shared/connectionParameters';
import { getMapping } from '../../../engine';
import { item } from '../../shared/items';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { detailsJson } from './mappingItems';

/** One mapping with everything about it. */
export const get: Operation = {
	name: 'Get',
	value: 'get',
	action: 'Get a table mapping',
	description: 'Get one table mapping with its field mappings, filters, templates and figures',
	properties: [mappingProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({ connection: readConnection(context, itemIndex), mapping: readMapping(context, itemIndex) }),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => [
					[item(detailsJson(await getMapping(session, first.mapping)), itemIndexes)],
				]),
		}),
};
