import { z } from 'zod/v4';
import { readConnection } from '../../shared/connectionParameters';
import { importMappings as importJson, previewOf } from '../../../engine';
import { item, nothingItem } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { warningTexts } from './mappingItems';

/** Takes over what Export gave, all or nothing. */
export const importMappings: Operation = {
	name: 'Import',
	value: 'import',
	action: 'Import table mappings',
	description: 'Take over exported table mappings, after they were checked against the tables of this connection: all of them or none',
	properties: [
		{
			displayName: 'Export (JSON)',
			name: 'json',
			type: 'json',
			default: '={{ $json }}',
			required: true,
			description: 'What the operation Export gave: the item itself, or its text',
		},
		{
			displayName: 'Mappings That Are There',
			name: 'conflicts',
			type: 'options',
			options: [
				{ name: 'Overwrite', value: 'overwrite', description: 'They become as in the export' },
				{ name: 'Skip', value: 'skip', description: 'They stay as they are' },
			],
			default: 'skip',
			description: 'What happens to mappings that exist already, or were changed here',
		},
		previewProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				json: readParameter(context, 'json', 'Export (JSON)', itemIndex, z.unknown()),
				conflicts: readParameter(context, 'conflicts', 'Mappings That Are There', itemIndex, oneOf(['overwrite', 'skip'])),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const results = await importJson(first.preview ? previewOf(session) : session, first.json, first.conflicts);
					if (results.length === 0) return [[nothingItem('The export holds no mapping.', itemIndexes)]];
					return [
						results.map(({ mapping, outcome, warnings }) =>
							item({ mapping, ...(first.preview ? { preview: true } : {}), outcome, warnings: warningTexts(warnings) }, itemIndexes),
						),
					];
				}),
		}),
};
