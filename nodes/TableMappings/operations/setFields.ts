import { readConnection, readMapping } from '../../shared/connectionParameters';
import { setFieldMappings } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { fieldsProperty, readFields } from '../properties/fields';
import { changedItem } from './changes';

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
				{ name: 'Change', value: 'change', description: 'What is entered below changes; all else of the fields stays' },
				{ name: 'Remove', value: 'remove', description: 'The fields go; those of default mappings are disabled' },
				{
					name: 'Replace',
					value: 'replace',
					description: 'The fields below are all there are to be; others of default mappings are disabled',
				},
			],
			default: 'add',
			description: 'What happens with the field mappings below',
		},
		fieldsProperty,
		previewProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				manner: readParameter(context, 'manner', 'Manner', itemIndex, oneOf(['add', 'change', 'remove', 'replace'])),
				fields: readFields(context, itemIndex),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { mapping, manner, fields } = first;
					return [[await changedItem(session, { ...first, itemIndexes }, (here) => setFieldMappings(here, mapping, manner, fields))]];
				}),
		}),
};
