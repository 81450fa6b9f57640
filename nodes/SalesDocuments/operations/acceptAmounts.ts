import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { acceptInvoices as accept, importOrders, type SyncSession } from '../../../engine';
import { readConnectionByHand } from '../../shared/connectionParameters';
import type { Locator } from '../../shared/locators';
import type { Operation } from '../../shared/operation';
import { readParameter, yesOrNo } from '../../shared/parameters';
import { type Group, runPerItem } from '../../shared/perItem';
import { previewProperty, waitOptionsProperty } from '../../shared/runProperties';
import { withSession } from '../../shared/withSession';
import { documentKindProperty, readDocumentKind } from './documentKind';
import { invoiceItems, missingItem } from './invoiceItems';
import { invoiceIds, invoiceProperty, readInvoice } from './invoices';
import { importItems } from './orderItems';
import { orderIds, orderProperty, readOrder } from './orders';

/** What Business Central has of a document counts, although the two sides differ. */
export const acceptAmounts: Operation = {
	name: 'Accept Amounts',
	value: 'acceptAmounts',
	action: 'Accept the amounts of a document',
	description:
		'Say that a document counts as it is although the amounts of both sides differ: an order is handed over with what Business Central has of it, also where it was changed in CRM since; an invoice that was held is finished in CRM',
	properties: [
		documentKindProperty,
		{ ...orderProperty, displayOptions: { show: { documentKind: ['orders'] } } },
		{ ...invoiceProperty, displayOptions: { show: { documentKind: ['invoices'] } } },
		previewProperty,
		waitOptionsProperty,
	],
	execute: async (context) =>
		await runPerItem(context, {
			outputs: 2,
			read: (itemIndex) => {
				const kind = readDocumentKind(context, itemIndex);
				return {
					connection: readConnectionByHand(context, itemIndex),
					order: kind === 'orders' ? readOrder(context, itemIndex) : null,
					invoice: kind === 'invoices' ? readInvoice(context, itemIndex) : null,
					preview: readParameter(context, 'preview', 'Preview', itemIndex, yesOrNo),
				};
			},
			key: ({ connection, invoice, preview }) => ({ connection, preview, invoices: invoice !== null }),
			run: async (group) =>
				await withSession(context, group.first.connection, async (session) =>
					group.first.invoice === null ? await acceptOrders(context, session, group) : await acceptInvoices(context, session, group),
				),
		}),
};

const NOT_IN_CRM = {
	message: 'This connection has not brought the invoice to CRM, so that there are no amounts to accept.',
	hint: 'Bring it to CRM first: Sales Documents → Synchronize Invoices, "Chosen Ones".',
};

type Accepted = Group<{ order: Locator | null; invoice: Locator | null; preview: boolean }>;

async function acceptOrders(context: IExecuteFunctions, session: SyncSession, group: Accepted): Promise<INodeExecutionData[][]> {
	const ids = await orderIds(session, group);
	if (ids.size === 0) return [[], []];
	const result = await importOrders(session, { ids: [...ids.keys()], accept: true, preview: group.first.preview });
	const all = [...ids.values()].flat();
	return importItems(context, result, (id) => ids.get(id) ?? all, all);
}

async function acceptInvoices(context: IExecuteFunctions, session: SyncSession, group: Accepted): Promise<INodeExecutionData[][]> {
	const ids = await invoiceIds(session, group);
	if (ids.size === 0) return [[], []];
	const result = await accept(session, [...ids.keys()], { preview: group.first.preview });
	const all = [...ids.values()].flat();
	const [done = [], failed = []] = invoiceItems(context, result, (id) => ids.get(id) ?? all, {
		all,
		nothing: 'There is nothing to accept.',
	});
	failed.push(...result.unknown.map((id) => missingItem(id, NOT_IN_CRM, result.job.job.id, ids.get(id) ?? all)));
	return [done, failed];
}
