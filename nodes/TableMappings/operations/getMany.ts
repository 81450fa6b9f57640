import type { INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { readConnection } from '../../shared/connectionParameters';
import { listMappings } from '../../../engine';
import { item, nothingItem } from '../../shared/items';
import { limitProperties, readLimit, tellMore } from '../../shared/limit';
import type { Operation } from '../../shared/operation';
import { labelled, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { mappingJson } from './mappingItems';

const filtersProperty: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Enabled',
			name: 'enabled',
			type: 'boolean',
			default: true,
			description: 'Whether to list only enabled mappings, or only disabled ones',
		},
		{
			displayName: 'Own',
			name: 'own',
			type: 'boolean',
			default: true,
			description: 'Whether to list only mappings of your own, or only default ones',
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			default: '',
			description: 'Only mappings with this text in their name, caption or tables',
		},
	],
};

const filters = labelled(z.object({ enabled: yesOrNo, own: yesOrNo, text: z.string({ error: 'must be text.' }) }).partial(), {
	text: 'Text',
});

/** The list of table mappings, as Business Central's page shows it. */
export const getMany: Operation = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many table mappings',
	description: 'List table mappings with direction, filters, couplings, skipped and failed records and the last run',
	properties: [...limitProperties, filtersProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				limit: readLimit(context, itemIndex),
				filters: readParameter(context, 'filters', 'Filters', itemIndex, filters),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const query = Object.fromEntries(Object.entries(first.filters).filter(([, value]) => value !== undefined));
					const all = await listMappings(session, query);
					const views = all.slice(0, first.limit);
					if (all.length > views.length) tellMore(context, views.length);
					if (views.length === 0) return [[nothingItem('No table mapping fits the filters.', itemIndexes)]];
					return [views.map((view) => item(mappingJson(view), itemIndexes))];
				}),
		}),
};
