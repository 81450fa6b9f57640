import type { IDataObject } from 'n8n-workflow';
import { readConnection, readMapping } from '../../shared/connectionParameters';
import { optionValues as valuesOf } from '../../../engine';
import { item } from '../../shared/items';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { filledText, readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';

/** What a choice field can hold on both sides. */
export const optionValues: Operation = {
	name: 'Get Option Values',
	value: 'optionValues',
	action: 'Get option values of a field',
	description: 'See which codes of Business Central and which choices of CRM a field can hold, and which pairs suggest themselves',
	properties: [
		mappingProperty,
		{
			displayName: 'CRM Column',
			name: 'field',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'paymenttermscode',
			description: 'The choice column of the field mapping',
		},
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				field: readParameter(context, 'field', 'CRM Column', itemIndex, filledText),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const values = await valuesOf(session, first.mapping, first.field);
					return [
						[item({ mapping: first.mapping, field: first.field, ...(JSON.parse(JSON.stringify(values)) as IDataObject) }, itemIndexes)],
					];
				}),
		}),
};
