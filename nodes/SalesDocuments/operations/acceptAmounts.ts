import { importOrders } from '../../../engine';
import { readConnectionByHand } from '../../shared/connectionParameters';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { importItems } from './orderItems';
import { orderIds, orderProperty, readOrder } from './orders';

/** What Business Central has of an order counts, although the two differ. */
export const acceptAmounts: Operation = {
	name: 'Accept Amounts',
	value: 'acceptAmounts',
	action: 'Accept the amounts of an order',
	description:
		'Say that what Business Central has of an order counts although its amounts differ from those of CRM, or the order was changed in CRM since; it is handed over as it is',
	properties: [orderProperty, previewProperty, waitOptionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnectionByHand(context, itemIndex),
				order: readOrder(context, itemIndex),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: ({ connection, preview }) => ({ connection, preview }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const ids = await orderIds(session, group);
					if (ids.size === 0) return [[], []];
					const result = await importOrders(session, { ids: [...ids.keys()], accept: true, preview: group.first.preview });
					const all = [...ids.values()].flat();
					return importItems(context, result, (id) => ids.get(id) ?? all, all);
				}),
		}),
};
