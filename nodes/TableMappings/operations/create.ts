import { readConnection } from '../../shared/connectionParameters';
import { createMapping } from '../../../engine';
import type { Operation } from '../../shared/operation';
import { filledText, readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { newFieldsProperty, readFields } from '../properties/fields';
import { companyStampOption, directionOptions, directions, readSettings, settingsProperty } from '../properties/settings';
import { readTables, tableProperties } from '../properties/tables';
import { savedItem } from './mappingItems';

/** A mapping of the user's own: any Business Central table with any Dataverse table. */
export const create: Operation = {
	name: 'Create',
	value: 'create',
	action: 'Create a table mapping',
	description: 'Make a table mapping of your own: any Business Central entity set or page with any table of Dataverse',
	properties: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'EMPLOYEES',
			description: 'Up to 20 characters, unique among all table mappings',
		},
		...tableProperties,
		directionOptions,
		newFieldsProperty,
		settingsProperty(companyStampOption),
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				name: readParameter(context, 'name', 'Name', itemIndex, filledText),
				tables: readTables(context, itemIndex),
				direction: readParameter(context, 'direction', 'Direction', itemIndex, directions),
				fields: readFields(context, itemIndex),
				settings: readSettings(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { name, tables, direction, fields, settings } = first;
					const warnings = await createMapping(session, { ...settings, ...tables, name, direction, fields });
					return [[await savedItem(session, name, warnings, itemIndexes)]];
				}),
		}),
};
