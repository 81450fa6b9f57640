import { readConnection, readMapping } from '../../shared/connectionParameters';
import { setFieldMappings } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';
import { fieldsProperty, readFields } from '../properties/fields';
import { savedItem } from './mappingItems';

/** Adds, changes, removes or replaces field mappings. */
export const setFields: Operation = {
	name: 'Set Field Mappings',
	value: 'setFields',
	action: 'Set field mappings of a table mapping',
	description: 'Add, change or remove field mappings, or replace all of them',
	properties: [
		mappingProperty,
		{
			displayName: 'Manner',
			name: 'manner',
			type: 'options',
			options: [
				{ name: 'Add', value: 'add', description: 'The fields below come in addition' },
				{ name: 'Change', value: 'change', description: 'Fields with the same two columns become as below' },
				{ name: 'Remove', value: 'remove', description: 'Fields with the same two columns go; those of default mappings are disabled' },
				{
					name: 'Replace',
					value: 'replace',
					description: 'The fields below are all there are to be; others of default mappings are disabled',
				},
			],
			default: 'add',
			description: 'What happens with the field mappings below. A row says all about its field.',
		},
		fieldsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				manner: readParameter(context, 'manner', 'Manner', itemIndex, oneOf(['add', 'change', 'remove', 'replace'])),
				fields: readFields(context, itemIndex),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const warnings = await setFieldMappings(session, first.mapping, first.manner, first.fields);
					return [[await savedItem(session, first.mapping, warnings, itemIndexes)]];
				}),
		}),
};
