import type { INodeProperties } from 'n8n-workflow';
import { readConnection, readMapping } from '../../shared/connectionParameters';
import { updateMapping } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { previewProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { z } from 'zod/v4';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { directionOptions, readSettings, settingsProperty } from '../properties/settings';
import { changedItem } from './changes';

const tableProperty: INodeProperties = {
	displayName: 'Other Business Central Table',
	name: 'otherTable',
	type: 'string',
	default: '',
	placeholder: 'contoso/sync/v1.0/customers',
	description: 'Another table with the same records, for instance an own API page with all fields. Leave empty to keep the table.',
};

/** Changes settings of a mapping; what is not added stays. */
export const update: Operation = {
	name: 'Update',
	value: 'update',
	action: 'Update a table mapping',
	description: 'Change settings of a table mapping: direction, filters, conflict strategies, templates and more. What is not added stays.',
	properties: [mappingProperty, settingsProperty(directionOptions), tableProperty, previewProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				settings: readSettings(context, itemIndex),
				table: readParameter(context, 'otherTable', 'Other Business Central Table', itemIndex, z.string({ error: 'must be text.' })).trim(),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { companyStamp: _unused, ...settings } = first.settings;
					const changes = { ...settings, ...(first.table ? { businessCentral: { table: first.table } } : {}) };
					return [[await changedItem(session, { ...first, itemIndexes }, (here) => updateMapping(here, first.mapping, changes))]];
				}),
		}),
};
