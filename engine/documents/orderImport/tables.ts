import { COMPANY_COLUMN } from '../../model/companyColumn';
import type { FieldName, TableSource } from '../../model/record';
import type { TableMapping } from '../../model/tableMapping';
import { HEADER_COLUMNS, LINE_COLUMNS } from '../kernel/salesDocument';

/** Name under which order import keeps its lease, its documents, its failures and its log. */
export const ORDER_MAPPING = 'SALESORDER-ORDER';

export const CRM_ORDERS: TableSource = { name: 'salesorder', numberField: 'ordernumber', nameField: 'name' };
export const CRM_LINES: TableSource = { name: 'salesorderdetail', numberField: null, nameField: 'productdescription' };
export const BC_ORDERS: TableSource = { name: 'salesOrders', numberField: 'number', nameField: 'customerName' };
export const BC_LINES: TableSource = { name: 'salesOrderLines', numberField: null, nameField: 'description' };
export const BC_INVOICES: TableSource = { name: 'salesInvoices', numberField: 'number', nameField: 'customerName' };

/** Column that says when an order was handed over to the back office. */
export const HAND_OVER = 'lastbackofficesubmit';

/** `companies`: rows of CRM carry the company they belong to. */
export const orderColumns = (companies: boolean, more: readonly FieldName[] = []): FieldName[] => [
	...new Set([...HEADER_COLUMNS, HAND_OVER, ...(companies ? [COMPANY_COLUMN] : []), ...more]),
];
export const LINE_OF_ORDER = 'salesorderid';
export const orderLineColumns: readonly FieldName[] = [LINE_OF_ORDER, ...LINE_COLUMNS, 'quantityshipped', 'quantitybackordered'];

/** What is read of orders of Business Central. */
export const BC_ORDER_FIELDS: readonly FieldName[] = [
	'externalDocumentNumber',
	'customerId',
	'currencyCode',
	'status',
	'discountAmount',
	'totalAmountExcludingTax',
	'totalTaxAmount',
	'totalAmountIncludingTax',
	...['Name', 'AddressLine1', 'AddressLine2', 'PostCode', 'City', 'State', 'Country'].map((part) => `shipTo${part}`),
	...['Name', 'AddressLine1', 'AddressLine2', 'PostCode', 'City', 'State', 'Country'].map((part) => `billTo${part}`),
];
export const BC_LINE_FIELDS: readonly FieldName[] = [
	'documentId',
	'sequence',
	'lineType',
	'quantity',
	'unitPrice',
	'discountAmount',
	'taxPercent',
	'shippedQuantity',
	'shipmentDate',
];

/** Order import as jobs and the log name it. Its columns are no field mappings: what crosses, and how, is written in `header.ts` and `lines.ts`. */
export const ORDER_IMPORT: TableMapping = {
	name: ORDER_MAPPING,
	caption: 'Sales orders',
	bc: BC_ORDERS,
	crm: CRM_ORDERS,
	direction: 'fromCrm',
	onlyCoupled: false,
	bcFilter: { conditions: [] },
	crmFilter: { conditions: [] },
	conflict: 'none',
	deletion: 'none',
	dependsOn: ['CUSTOMER', 'CURRENCY', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT'],
	fields: [],
	companyStamp: true,
	enabled: true,
	overlapMs: { businessCentral: 0, crm: 0 },
};
