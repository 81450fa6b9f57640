import { updatePaymentStatus as update } from '../../../engine';
import { readConnection } from '../../shared/connectionParameters';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { runPerItem } from '../../shared/perItem';
import { previewProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { invoiceItems } from './invoiceItems';

/** CRM is told how far its invoices are paid. */
export const updatePaymentStatus: Operation = {
	name: 'Update Payment Status',
	value: 'updatePaymentStatus',
	action: 'Update the payment status of invoices',
	description:
		'Tell CRM which of the invoices it has are paid, in part or as a whole, cancelled, or open again. All open invoices are looked at in a few requests.',
	properties: [previewProperty],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => ({
				connection: readConnection(context, itemIndex),
				preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
			}),
			key: (value) => value,
			run: async ({ first, itemIndexes }) =>
				await withSession(context, first.connection, async (session) => {
					const result = await update(session, { preview: first.preview });
					return invoiceItems(context, result, () => itemIndexes, {
						all: itemIndexes,
						nothing: 'The payment status of all invoices is up to date.',
					});
				}),
		}),
};
