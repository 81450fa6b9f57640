import type { INodeProperties } from 'n8n-workflow';
import { readConnection } from '../../shared/connectionParameters';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';

const properties: INodeProperties[] = [
	{
		displayName: 'Where They Contradict Each Other',
		name: 'doubledState',
		type: 'options',
		options: [
			{
				name: 'The Spelling Used Before Counts',
				value: 'usedBefore',
				description: 'Couplings and settings of the spelling that was not used last are kept',
			},
			{
				name: 'The Spelling Used Last Counts',
				value: 'usedLast',
				description: 'Couplings and settings of the spelling that was used last are kept',
			},
		],
		default: 'usedLast',
		description:
			'Which of the two counts for records that have another partner in each, and for settings that differ. Everything else of both is kept.',
	},
];

/** The way on from `CONNECTION_DOUBLED`. */
export const settleDoubledState: Operation = {
	name: 'Settle Doubled State',
	value: 'settleDoubledState',
	action: 'Settle the state of a connection that is known twice',
	description:
		'Make one state of two that belong to the same connection under two spellings of its addresses and contradict each other (error CONNECTION_DOUBLED)',
	properties,
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				...readConnection(context, itemIndex),
				doubled: readParameter(context, 'doubledState', 'Where They Contradict Each Other', itemIndex, oneOf(['usedLast', 'usedBefore'])),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first, async ({ store }) => {
					const couplings = await store.countCouplings();
					const message = `The connection has one state: ${couplings} ${couplings === 1 ? 'coupling' : 'couplings'}.`;
					return [[item({ couplings, message }, itemIndexes)]];
				}),
		}),
};
