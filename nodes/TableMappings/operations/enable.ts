import { readConnection, readMapping } from '../../shared/connectionParameters';
import { setEnabled } from '../../../engine';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { changedItem } from './changes';

/** Whether a mapping takes part in runs of all mappings. */
export const enable: Operation = {
	name: 'Enable or Disable',
	value: 'enable',
	action: 'Enable or disable a table mapping',
	description: 'Let a table mapping take part in runs of all mappings, or not',
	properties: [
		mappingProperty,
		{
			displayName: 'Enabled',
			name: 'enabled',
			type: 'boolean',
			default: true,
			description: 'Whether the mapping takes part',
		},
		previewProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				enabled: readParameter(context, 'enabled', 'Enabled', itemIndex, yesOrNo),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { mapping, enabled } = first;
					return [[await changedItem(session, { ...first, itemIndexes }, (here) => setEnabled(here, mapping, enabled))]];
				}),
		}),
};
