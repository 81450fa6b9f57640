import type { INodeProperties } from 'n8n-workflow';
import { settleRestored as settle } from '../../../engine';
import { readConnectionByHand, readMapping } from '../../shared/connectionParameters';
import { mappingProperty } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter, wholeNumber, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { runItems } from '../../shared/runItems';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { withChanges } from '../../shared/changeItems';
import { outputProperty, readOutput } from '../../shared/outputProperty';

const wayProperty: INodeProperties = {
	displayName: 'What Counts',
	name: 'restoredWay',
	type: 'options',
	options: [
		{
			name: 'Accept the Restored Values',
			value: 'accept',
			description:
				'What the restored system holds now is right: it travels to the other system. Couples of which it lost a record end; the other record stays as it is.',
		},
		{
			name: 'It Was Not Restored',
			value: 'notRestored',
			description:
				'A clock was set back, or records were deleted by hand: what looks like a restore are edits and deletions like any other',
		},
		{
			name: "Send the Other Side's Values Again",
			value: 'sendAgain',
			description:
				'What the other system holds is right: the restored one gets its values again, and the records it lost are created again',
		},
	],
	default: 'sendAgain',
	description: 'What becomes of records that a restore has put back to an earlier state. Every value that is replaced is in the log.',
};

const returnedProperty: INodeProperties = {
	displayName: 'Return Changed Records Up To',
	name: 'returnRestored',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 100,
	description: 'How many changed records to list in the items, with the fields before and after',
};

/** The way on from `RESTORED`. */
export const settleRestored: Operation = {
	name: 'Settle Restored System',
	value: 'settleRestored',
	action: 'Settle what a restore has put back in a mapping',
	description:
		'Deal with a system that was restored from a backup or copied over (error RESTORED): send the other values again, or accept what is there',
	properties: [
		mappingProperty,
		wayProperty,
		{ ...previewProperty, default: true },
		outputProperty(),
		returnedProperty,
		waitOptionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				mapping: readMapping(context, itemIndex),
				way: readParameter(context, 'restoredWay', 'What Counts', itemIndex, oneOf(['sendAgain', 'accept', 'notRestored'])),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				output: readOutput(context, itemIndex),
				returnChanges: readParameter(context, 'returnRestored', 'Return Changed Records Up To', itemIndex, wholeNumber(0)),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const { connection: _connection, output, ...request } = first;
					const results = await settle(session, request);
					const lists = runItems(context, results, itemIndexes, 'Nothing was put back.');
					return withChanges(context, lists, results, { output, preview: request.preview, itemIndexes });
				}),
		}),
};
