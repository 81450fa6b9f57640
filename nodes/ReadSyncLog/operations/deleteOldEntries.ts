import type { INodeProperties } from 'n8n-workflow';
import { readConnection } from '../../shared/connectionParameters';
import { deleteOldEntries as deleteOld, systemClock } from '../../../engine';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { readParameter, wholeNumber } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { withStore } from '../../shared/withSession';

const olderThanProperty: INodeProperties = {
	displayName: 'Older Than (Days)',
	name: 'olderThanDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 7,
	required: true,
	description: 'Jobs that finished longer ago than this are deleted with their errors. 0 deletes all finished jobs.',
};

/** Keeps the log small; couplings and open failures stay. */
export const deleteOldEntries: Operation = {
	name: 'Delete Old Entries',
	value: 'deleteOldEntries',
	action: 'Delete old entries of the synchronization log',
	description: 'Delete finished jobs and their errors that are older than some days. Couplings and failures that are still open stay.',
	properties: [olderThanProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				days: readParameter(context, 'olderThanDays', 'Older Than (Days)', itemIndex, wholeNumber(0)),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withStore(context, first.connection, async (store) => {
					const { deleted, before } = await deleteOld(store, first.days, systemClock.now());
					const message = deleted === 0 ? 'There was no entry that old.' : `${deleted} ${deleted === 1 ? 'job was' : 'jobs were'} deleted.`;
					return [[item({ deleted, before, message }, itemIndexes)]];
				}),
		}),
};
