import { type ErrorClass, type ErrorSystem, SyncError } from '../../model/errors';

/** The invoice an error speaks of, as people know it in Business Central. */
export interface InvoiceName {
	id: string;
	number: string;
}

interface Says {
	code: string;
	message: string;
	hint: string;
	errorClass?: ErrorClass;
	system?: ErrorSystem;
}

const says = ({ id, number }: InvoiceName, { code, message, hint, errorClass = 'data', system = 'businessCentral' }: Says): SyncError =>
	new SyncError({ code, errorClass, system, table: 'salesInvoices', recordId: id, message: `Invoice ${number}: ${message}`, hint });

/** Line of an invoice in words: its number, and what it sells. */
export const lineName = (sequence: number, what: string): string => `line ${sequence}${what ? ` (${what})` : ''}`;

export const notPosted = (invoice: InvoiceName, status: string): SyncError =>
	says(invoice, {
		code: 'INVOICE_NOT_POSTED',
		message: `it is ${status} in Business Central; only posted invoices go to CRM.`,
		hint: 'Post the invoice in Business Central, then run it again.',
	});

export const linesMissing = (invoice: InvoiceName): SyncError =>
	says(invoice, {
		code: 'INVOICE_LINES_MISSING',
		errorClass: 'transient',
		message: 'Business Central shows no lines of it yet: its posting may still be under way.',
		hint: 'Nothing needs to be done: the next run looks at it again.',
	});

export const customerChanged = (invoice: InvoiceName, of: { customer: string; order: string }): SyncError =>
	says(invoice, {
		code: 'INVOICE_CUSTOMER_CHANGED',
		message: `its customer ${of.customer} is not the customer of order ${of.order} of CRM, which it belongs to.`,
		hint: 'Couple the account of the order with the customer of the invoice, or choose that account in the order; then run the invoice again.',
	});

/** Something an invoice refers to has no partner in CRM. */
export const dependency = (invoice: InvoiceName, what: string, mapping: string): SyncError =>
	says(invoice, {
		code: 'DEPENDENCY',
		message: `${what} has no coupled partner in CRM (table mapping ${mapping}).`,
		hint: `Synchronize or couple it with the table mapping ${mapping} first; the invoice is tried again in every run.`,
	});

export const currencyUnknown = (invoice: InvoiceName, code: string): SyncError =>
	says(invoice, {
		code: 'CURRENCY_UNKNOWN',
		system: 'crm',
		message: `CRM has no currency ${code}.`,
		hint: 'Synchronize the table mapping CURRENCY, or create the currency in CRM; then run the invoice again.',
	});

export const itemBlocked = (invoice: InvoiceName, line: string): SyncError =>
	says(invoice, {
		code: 'ITEM_BLOCKED',
		message: `what ${line} sells is blocked in Business Central and not coupled with a product of CRM, so that it cannot be synchronized.`,
		hint: 'Unblock it in Business Central and synchronize it, or couple it with a product by hand in Couple Records; then run the invoice again.',
	});

export const productNotActive = (invoice: InvoiceName, line: string, state: string): SyncError =>
	says(invoice, {
		code: 'PRODUCT_NOT_ACTIVE',
		system: 'crm',
		message: `the product of ${line} is ${state} in CRM, which takes active products only.`,
		hint: 'Activate the product in CRM, then run the invoice again.',
	});

export const ambiguous = (invoice: InvoiceName, count: number): SyncError =>
	says(invoice, {
		code: 'INVOICE_AMBIGUOUS',
		system: 'crm',
		message: `CRM has ${count} invoices with its number, none of which this connection has made.`,
		hint: 'Delete those that are wrong in CRM, or give them other numbers; then run the invoice again.',
	});

export const deletedInCrm = (invoice: InvoiceName): SyncError =>
	says(invoice, {
		code: 'INVOICE_DELETED',
		system: 'crm',
		message: 'its row was deleted in CRM; it is not created again by itself.',
		hint: 'If it is to be there again, name the invoice in Sales Documents → Synchronize Invoices; otherwise there is nothing to do.',
	});

export const amountsDiffer = (invoice: InvoiceName, words: string, causes: readonly string[]): SyncError =>
	says(invoice, {
		code: 'AMOUNTS_DIFFER',
		system: 'crm',
		message: `${words}.${causes.length > 0 ? ` Likely cause: ${causes.join('; ')}.` : ''}`,
		hint: 'Correct the invoice in CRM, or let its amounts count as they are: Sales Documents → Accept Amounts, Documents "Posted Invoices".',
	});

export const keptChanging = (invoice: InvoiceName): SyncError =>
	says(invoice, {
		code: 'CHANGED_MEANWHILE',
		errorClass: 'transient',
		system: 'crm',
		message: 'it was changed in CRM again and again while it was written.',
		hint: 'Nothing needs to be done: the next run tries it again.',
	});

export const unsettled = (invoice: InvoiceName, error: SyncError): SyncError =>
	error.with({ message: `Invoice ${invoice.number}: ${error.message}`, recordId: invoice.id });

/** In the words of the service that refused, with the invoice it is about. */
export const refused = (invoice: InvoiceName, error: SyncError | undefined): SyncError =>
	error ? error.with({ message: `Invoice ${invoice.number}: ${error.message}`, recordId: invoice.id }) : keptChanging(invoice);
