import type { FieldName, TableSource } from '../../model/record';
import type { TableMapping } from '../../model/tableMapping';
import { BC_OVERLAP_MS } from '../../defaults/defaultMapping';

/** Name under which posted invoices keep their lease, documents, failures, watermark and log. */
export const INVOICE_MAPPING = 'POSTEDSALESINV-INV';
/** Name that the ids of their lines are derived under. */
export const LINE_MAPPING = 'POSTEDSALESLINE-INV';
/** Names under which the other readings keep their watermarks. */
export const PAYMENT_READING = 'INVOICE-PAYMENTS';
export const CREDIT_READING = 'INVOICE-CREDITS';
/** Mapping of imported orders: an invoice finds the CRM order it comes from there. */
export const ORDER_MAPPING = 'SALESORDER-ORDER';

export const BC_INVOICES: TableSource = { name: 'salesInvoices', numberField: 'number', nameField: 'customerName' };
export const BC_LINES: TableSource = { name: 'salesInvoiceLines', numberField: null, nameField: 'description' };
export const BC_CREDIT_MEMOS: TableSource = { name: 'salesCreditMemos', numberField: 'number', nameField: 'customerName' };
export const BC_SHIPMENTS: TableSource = { name: 'salesShipments', numberField: 'number', nameField: 'customerName' };
export const CRM_INVOICES: TableSource = { name: 'invoice', numberField: 'invoicenumber', nameField: 'name' };
export const CRM_LINES: TableSource = { name: 'invoicedetail', numberField: null, nameField: 'productdescription' };
export const CRM_ORDERS: TableSource = { name: 'salesorder', numberField: 'ordernumber', nameField: 'name' };
export const NOTES: TableSource = { name: 'annotation', numberField: null, nameField: 'subject' };
export const POSTS: TableSource = { name: 'post', numberField: null, nameField: 'text' };

/** Drafts stand in the same entity set (page APIV2 - Sales Invoices; table Sales Invoice Entity Aggregate). */
export const POSTED = "(status eq 'Open' or status eq 'Paid' or status eq 'Canceled' or status eq 'Corrective')";

const address = (prefix: string): FieldName[] =>
	['Name', 'AddressLine1', 'AddressLine2', 'PostCode', 'City', 'State', 'Country'].map((part) => `${prefix}${part}`);

export const BC_INVOICE_FIELDS: readonly FieldName[] = [
	'status',
	'customerId',
	'customerNumber',
	'customerPurchaseOrderReference',
	'orderId',
	'orderNumber',
	'currencyCode',
	'invoiceDate',
	'postingDate',
	'dueDate',
	'paymentTermsId',
	'shipmentMethodId',
	'salesperson',
	'pricesIncludeTax',
	'remainingAmount',
	'discountAmount',
	'totalAmountExcludingTax',
	'totalTaxAmount',
	'totalAmountIncludingTax',
	...address('shipTo'),
	...address('billTo'),
];

export const BC_LINE_FIELDS: readonly FieldName[] = [
	'documentId',
	'sequence',
	'lineType',
	'itemId',
	'lineObjectNumber',
	'unitOfMeasureCode',
	'quantity',
	'unitPrice',
	'discountAmount',
	'taxPercent',
	'amountExcludingTax',
	'invoiceDiscountAllocation',
	'netAmount',
	'netAmountIncludingTax',
	'shipmentDate',
];

/** What decides how far an invoice is paid. */
export const PAYMENT_FIELDS: readonly FieldName[] = ['status', 'remainingAmount', 'totalAmountIncludingTax'];

/** Columns of an invoice of CRM that are read back. */
export const CRM_STATE: readonly FieldName[] = ['statecode', 'statuscode'];
export const CRM_TOTALS: readonly FieldName[] = [
	'totallineitemamount',
	'totalamountlessfreight',
	'freightamount',
	'discountamount',
	'totaltax',
	'totalamount',
];
export const INVOICE_OF_LINE = 'invoiceid';

/** Posted invoices as jobs and the log name them. What crosses, and how, is written in `header.ts` and `lines.ts`. */
export const INVOICES: TableMapping = {
	name: INVOICE_MAPPING,
	caption: 'Posted sales invoices',
	bc: BC_INVOICES,
	crm: CRM_INVOICES,
	direction: 'toCrm',
	onlyCoupled: true,
	bcFilter: { conditions: [] },
	crmFilter: { conditions: [] },
	conflict: 'none',
	deletion: 'none',
	dependsOn: ['CUSTOMER', 'CURRENCY', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT'],
	fields: [],
	companyStamp: true,
	enabled: true,
	overlapMs: { businessCentral: BC_OVERLAP_MS, crm: 0 },
};
