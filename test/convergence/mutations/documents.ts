import type { Mutation } from './list';

/** Bugs of the flows of sales documents. */
export const DOCUMENT_MUTATIONS: readonly Mutation[] = [
	{
		name: 'the discount of an order is not written',
		families: 'documents',
		file: 'engine/documents/orderImport/completeOrders.ts',
		find: "...(values['discountAmount'] === plan!.discount || isSettled(context, work) ? {}",
		put: "...(values['discountAmount'] !== undefined || isSettled(context, work) ? {}",
	},
	{
		name: 'the words of a line end where a line of Business Central does',
		families: 'documents',
		file: 'engine/documents/orderImport/lines.ts',
		find: 'if (isWriteIn || productId === null) return { own: first, rest };',
		put: 'if (isWriteIn || productId === null) return { own: first, rest: rest.slice(0, 0) };',
	},
	{
		name: 'what CRM was told of a payment is forgotten',
		families: 'documents,documentStorms',
		file: 'engine/documents/invoices/updatePaymentStatus.ts',
		find: 'if (target !== document.payment) return',
		put: "if (document.payment === 'partial') return",
	},
	{
		name: 'an invoice that was deleted in CRM comes back',
		families: 'documents',
		file: 'engine/documents/invoices/knownInvoices.ts',
		find: "if (chosen || document.stage !== 'handedOver') {",
		put: "if (chosen || document.stage !== 'held') {",
	},
];
