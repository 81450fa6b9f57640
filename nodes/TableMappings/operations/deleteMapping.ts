import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { deleteMapping as remove, previewOf } from '../../../engine';
import { item } from '../../shared/items';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';

/** Removes a mapping of the user's own. */
export const deleteMapping: Operation = {
	name: 'Delete',
	value: 'delete',
	action: 'Delete a table mapping',
	description: 'Delete a table mapping of your own with its field mappings. No record is deleted.',
	properties: [
		mappingProperty,
		{
			displayName: 'Forget Couplings',
			name: 'couplings',
			type: 'boolean',
			default: true,
			description:
				'Whether couplings, failures and watermarks are forgotten, too. Kept ones come back into use when the mapping is imported again.',
		},
		previewProperty,
		waitOptionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				couplings: readParameter(context, 'couplings', 'Forget Couplings', itemIndex, yesOrNo),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { mapping, couplings, kept } = await remove(first.preview ? previewOf(session) : session, first.mapping, {
						couplings: first.couplings,
					});
					const { preview } = first;
					const fate = `${preview ? 'would be' : 'were'} ${kept ? 'kept' : 'forgotten'}`;
					const what = couplings === 0 ? 'It has no couplings.' : `${couplings} couplings ${fate}.`;
					const message = `The mapping ${preview ? 'would be' : 'was'} deleted. ${what}`;
					const told = { mapping, ...(preview ? { preview } : {}), deleted: !preview, couplings, couplingsKept: kept, message };
					return [[item(told, itemIndexes)]];
				}),
		}),
};
