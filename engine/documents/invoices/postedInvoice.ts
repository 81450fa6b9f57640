import type { PaymentState } from '../../model/document';
import type { FieldValue, SystemRecord } from '../../model/record';
import type { DocumentAddress } from '../kernel/salesDocument';

/** A posted invoice of Business Central, as API v2.0 shows it. */
export interface PostedInvoice {
	id: string;
	version: string;
	number: string;
	/** `Open`, `Paid`, `Canceled`, `Corrective`; of what is not posted `Draft` or `In Review`. */
	status: string;
	customerId: string;
	/** Number and name. */
	customer: string;
	/** ISO code; that of the local currency where the invoice is in it. */
	currency: string;
	/** Your Reference, where the number of a CRM order may stand. */
	reference: string;
	/** The order it was posted from, also when that is gone; null for none, and for an invoice over several orders. */
	orderId: string | null;
	orderNumber: string;
	salesperson: string;
	dueDate: string | null;
	invoiceDate: string | null;
	postingDate: string | null;
	paymentTermsId: string | null;
	shipmentMethodId: string | null;
	pricesIncludeVat: boolean;
	remaining: number;
	net: number;
	tax: number;
	total: number;
	shipTo: DocumentAddress;
	billTo: DocumentAddress;
}

export interface InvoiceLine {
	sequence: number;
	kind: 'item' | 'resource' | 'comment' | 'other';
	itemId: string | null;
	/** Number of the item, resource or account. */
	number: string;
	text: string;
	unit: string;
	quantity: number;
	/** Includes VAT where the prices of the invoice do, as does the line discount. */
	lineDiscount: number;
	vatPercent: number;
	/** Without VAT, before its share of the invoice discount. */
	lineNet: number;
	/** Share of the invoice discount, without VAT. */
	discountShare: number;
	net: number;
	gross: number;
	shipmentDate: string | null;
}

const NO_GUID = '00000000-0000-0000-0000-000000000000';
const NO_DATE = '0001-01-01';

const text = (value: FieldValue | undefined): string => (typeof value === 'string' ? value.trim() : '');
const amount = (value: FieldValue | undefined): number => (typeof value === 'number' ? value : 0);
const guid = (value: FieldValue | undefined): string | null =>
	typeof value === 'string' && value !== '' && value !== NO_GUID ? value.toLowerCase() : null;
export const dayOf = (value: FieldValue | undefined): string | null =>
	typeof value === 'string' && value !== '' && !value.startsWith(NO_DATE) ? value.slice(0, 10) : null;

export function toInvoice({ id, version, number, name, values }: SystemRecord): PostedInvoice {
	return {
		id,
		version,
		number,
		status: text(values['status']),
		customerId: guid(values['customerId']) ?? '',
		customer: [text(values['customerNumber']), name].filter(Boolean).join(' '),
		currency: text(values['currencyCode']),
		reference: text(values['customerPurchaseOrderReference']),
		orderId: guid(values['orderId']),
		orderNumber: text(values['orderNumber']),
		salesperson: text(values['salesperson']),
		dueDate: dayOf(values['dueDate']),
		invoiceDate: dayOf(values['invoiceDate']),
		postingDate: dayOf(values['postingDate']),
		paymentTermsId: guid(values['paymentTermsId']),
		shipmentMethodId: guid(values['shipmentMethodId']),
		pricesIncludeVat: values['pricesIncludeTax'] === true,
		remaining: amount(values['remainingAmount']),
		net: amount(values['totalAmountExcludingTax']),
		tax: amount(values['totalTaxAmount']),
		total: amount(values['totalAmountIncludingTax']),
		shipTo: address(values, 'shipTo'),
		billTo: address(values, 'billTo'),
	};
}

const address = (values: SystemRecord['values'], prefix: string): DocumentAddress => ({
	name: text(values[`${prefix}Name`]),
	line1: text(values[`${prefix}AddressLine1`]),
	line2: text(values[`${prefix}AddressLine2`]),
	postalCode: text(values[`${prefix}PostCode`]),
	city: text(values[`${prefix}City`]),
	state: text(values[`${prefix}State`]),
	country: text(values[`${prefix}Country`]),
});

const KINDS: Readonly<Record<string, InvoiceLine['kind']>> = { Item: 'item', Resource: 'resource', Comment: 'comment', '': 'comment' };

export function toInvoiceLine({ name, values }: SystemRecord): InvoiceLine {
	return {
		sequence: amount(values['sequence']),
		kind: KINDS[text(values['lineType'])] ?? 'other',
		itemId: guid(values['itemId']),
		number: text(values['lineObjectNumber']),
		text: name.trim(),
		unit: text(values['unitOfMeasureCode']),
		quantity: amount(values['quantity']),
		lineDiscount: amount(values['discountAmount']),
		vatPercent: amount(values['taxPercent']),
		lineNet: amount(values['amountExcludingTax']),
		discountShare: amount(values['invoiceDiscountAllocation']),
		net: amount(values['netAmount']),
		gross: amount(values['netAmountIncludingTax']),
		shipmentDate: dayOf(values['shipmentDate']),
	};
}

const POSTED_STATES: ReadonlySet<string> = new Set(['Open', 'Paid', 'Canceled', 'Corrective']);
export const isPosted = ({ status }: Pick<PostedInvoice, 'status'>): boolean => POSTED_STATES.has(status);

/**
 * How far an invoice is paid, by its state and what remains of it. Null where the two contradict each other: an invoice that is open, and of which nothing
 * remains, is one whose ledger entries the user may not read, or that is being posted right now.
 */
export function paymentOf({ status, remaining, total }: Pick<PostedInvoice, 'status' | 'remaining' | 'total'>): PaymentState | null {
	if (status === 'Canceled') return 'canceled';
	if (status === 'Open' && remaining === 0 && total !== 0) return null;
	if (remaining === 0) return 'paid';
	return remaining === total ? 'billed' : 'partial';
}
