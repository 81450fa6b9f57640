import type { INodeProperties } from 'n8n-workflow';
import { settleCopied as settle } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { oneOf, readParameter } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withSession } from '../../shared/withSession';

const properties: INodeProperties[] = [
	{
		displayName: 'What It Is',
		name: 'copiedWay',
		type: 'options',
		options: [
			{
				name: 'It Is a New Environment',
				value: 'isNew',
				description:
					'It has a life of its own: what the store knows of the other environment has nothing to do with it. Remembered for the connection.',
			},
			{
				name: 'Take Over the Couplings',
				value: 'takeOver',
				description:
					'It takes the place of the other environment (moved, renamed, restored under another name): all state becomes that of this connection, and the other one is known no more',
			},
		],
		default: 'takeOver',
		description: 'What the environment of this connection is to the one that was synchronized before',
	},
];

/** The way on from `ENVIRONMENT_COPIED`. */
export const settleCopied: Operation = {
	name: 'Settle Copied Environment',
	value: 'settleCopied',
	action: 'Settle what a copied or moved environment is',
	description:
		'Say whether an environment took the place of another one, or is a new one that only has its records (error ENVIRONMENT_COPIED). Writes to neither system.',
	properties,
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				...readConnection(context, itemIndex),
				way: readParameter(context, 'copiedWay', 'What It Is', itemIndex, oneOf(['isNew', 'takeOver'])),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first, async (session) => [[item({ ...(await settle(session, first.way)) }, itemIndexes)], []]),
		}),
};
