import type { FieldName, TableSource } from '../../model/record';
import { BC_LINE_FIELDS, BC_ORDER_FIELDS, BC_ORDERS } from '../orderImport/tables';

/** Names under which the readings by stamps keep how far they have come. */
export const SHIPMENT_READING = 'ORDER-SHIPMENTS';
export const INVOICE_READING = 'ORDER-INVOICES';

export const BC_SHIPMENTS: TableSource = { name: 'salesShipments', numberField: 'number', nameField: 'customerName' };

/** The page that shows what API v2.0 does not show of an order (page 6402 Sales Document Entity, published from the start up to version 29). */
export const PAGE = 'salesDocuments';
export const ORDERS_WITH_PAGE: TableSource = { ...BC_ORDERS, companions: [{ service: PAGE, primaryKey: 'id', companionKey: 'id' }] };
export const TRACKING: FieldName = `${PAGE}/packageTrackingNumber`;
export const AGENT: FieldName = `${PAGE}/shippingAgentCode`;

export const BC_LIFE_FIELDS: readonly FieldName[] = [...BC_ORDER_FIELDS, 'paymentTermsId', 'shipmentMethodId', 'requestedDeliveryDate'];
export const BC_LIFE_LINE_FIELDS: readonly FieldName[] = [
	...BC_LINE_FIELDS,
	'lineObjectNumber',
	'description',
	'unitOfMeasureCode',
	'invoicedQuantity',
	'netAmount',
];
export const BC_PART_FIELDS: readonly FieldName[] = [
	'orderId',
	'customerId',
	'status',
	'remainingAmount',
	'totalAmountIncludingTax',
	'currencyCode',
	'postingDate',
];
export const BC_SHIPMENT_FIELDS: readonly FieldName[] = ['orderNumber', 'postingDate'];

/** What an order of CRM is read with besides what its import reads. */
export const CRM_PROGRESS: readonly FieldName[] = ['submitstatus', 'submitstatusdescription', 'datefulfilled'];
