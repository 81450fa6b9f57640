import { systemClock, triggerViews } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import { item, nothingItem } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { withStore } from '../../shared/withSession';

/** What the triggers of a company do about each mapping. */
export const getTriggerState: Operation = {
	name: 'Get Trigger State',
	value: 'getTriggerState',
	action: 'Get the state of the sync trigger',
	description:
		'Tell for each mapping whether the trigger is awake, asleep or waiting, and why, when it looked last, and what it is due for',
	properties: [],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 1,
			read: (itemIndex) => ({ connection: readConnection(context, itemIndex) }),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withStore(context, first.connection, async (store) => {
					const views = await triggerViews(store, systemClock.now());
					if (views.length === 0)
						return [[nothingItem('No Dynamics 365 Sync Trigger has been at work for this company and CRM environment.', itemIndexes)]];
					return [views.map((view) => item(JSON.parse(JSON.stringify(view)) as never, itemIndexes))];
				}),
		}),
};
