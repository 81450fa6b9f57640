import { readConnectionByHand } from '../../shared/connectionParameters';
import { previewOf, resetMappings } from '../../../engine';
import { item, nothingItem } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { chosenNames, whichProperties } from '../properties/which';
import { warningTexts } from './mappingItems';

const OUTCOMES = {
	default: 'Back to its defaults. Couplings stay.',
	unchanged: 'It was not changed.',
	kept: 'Kept, because it is a mapping of your own.',
	deleted: 'Deleted with its couplings. No record was touched.',
} as const;

/** Back to the defaults: one mapping, several, or all. */
export const reset: Operation = {
	name: 'Reset to Defaults',
	value: 'reset',
	action: 'Reset table mappings to their defaults',
	description: 'Take settings, filters, templates and field mappings back to the defaults. Couplings stay.',
	properties: [
		...whichProperties,
		{
			displayName: 'Delete Own Mappings',
			name: 'deleteOwn',
			type: 'boolean',
			default: false,
			description: 'Whether chosen mappings of your own are deleted with their couplings, instead of being kept',
		},
		previewProperty,
		waitOptionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				names: chosenNames(context, itemIndex),
				deleteOwn: readParameter(context, 'deleteOwn', 'Delete Own Mappings', itemIndex, yesOrNo),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const results = await resetMappings(first.preview ? previewOf(session) : session, first.names, first.deleteOwn);
					if (results.length === 0) return [[nothingItem('There is no table mapping to reset.', itemIndexes)]];
					return [
						results.map(({ mapping, outcome, warnings }) =>
							item(
								{
									mapping,
									...(first.preview ? { preview: true } : {}),
									outcome,
									message: OUTCOMES[outcome],
									...(warnings.length > 0 ? { warnings: warningTexts(warnings) } : {}),
								},
								itemIndexes,
							),
						),
					];
				}),
		}),
};
