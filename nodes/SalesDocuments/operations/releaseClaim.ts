import type { INodeExecutionData } from 'n8n-workflow';
import { releaseClaims } from '../../../engine';
import { readConnectionByHand } from '../../shared/connectionParameters';
import { item } from '../../shared/items';
import type { Operation } from '../../shared/operation';
import { runPerItem } from '../../shared/perItem';
import { waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { notFound, plain, refusedItem } from './orderItems';
import { orderIds, orderProperty, readOrder } from './orders';

const MESSAGES = {
	released: 'The order belongs to no company any more.',
	notClaimed: 'The order did not belong to this company.',
	imported: 'Business Central has this order already, so that it stays this company’s.',
} as const;

/** An order that this company has claimed belongs to nobody again. */
export const releaseClaim: Operation = {
	name: 'Release Claim',
	value: 'releaseClaim',
	action: 'Release the claim of an order',
	description: 'Take this company off an order of CRM that it has claimed and not imported, so that another company may import it',
	properties: [orderProperty, waitOptionsProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({ connection: readConnectionByHand(context, itemIndex), order: readOrder(context, itemIndex) }),
			key: ({ connection }) => connection,
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) => {
					const ids = await orderIds(session, group);
					const outputs: INodeExecutionData[][] = [[], []];
					for (const { id, outcome, crm, error } of ids.size === 0 ? [] : await releaseClaims(session, [...ids.keys()])) {
						const indexes = ids.get(id) ?? group.itemIndexes;
						if (outcome === 'notFound' || error) outputs[1]!.push(refusedItem(id, error ?? notFound, '', indexes));
						else outputs[0]!.push(item({ crm: plain(crm), outcome, message: MESSAGES[outcome] }, indexes));
					}
					return outputs;
				}),
		}),
};
