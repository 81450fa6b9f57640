import type { IDataObject } from 'n8n-workflow';
import { readConnection } from '../../shared/connectionParameters';
import { exportMappings as exportJson } from '../../../engine';
import { item, nothingItem } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { chosenNames, whichProperties } from '../properties/which';

/** Mappings as JSON, for another company, another environment, or a repository. */
export const exportMappings: Operation = {
	name: 'Export',
	value: 'export',
	action: 'Export table mappings',
	description: 'Get table mappings as JSON: those of your own whole, default ones as what was changed. Holds no secret and no record.',
	properties: whichProperties,
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({ connection: readConnection(context, itemIndex), names: chosenNames(context, itemIndex) }),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const exported = await exportJson(session, first.names);
					if (exported.mappings.length === 0) {
						return [[nothingItem('There is nothing to export: no mapping of your own, and no default mapping was changed.', itemIndexes)]];
					}
					return [[item(JSON.parse(JSON.stringify(exported)) as IDataObject, itemIndexes)]];
				}),
		}),
};
