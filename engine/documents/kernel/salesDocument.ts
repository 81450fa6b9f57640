import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { HeaderMoney } from './money/crmAmounts';
import type { LineMoney } from './money/lineAmounts';

/** An address of a CRM document; blanks are empty texts. */
export interface DocumentAddress {
	name: string;
	line1: string;
	line2: string;
	postalCode: string;
	city: string;
	state: string;
	country: string;
}

/** A quote or order of CRM, as rows show it. */
export interface SalesDocument {
	id: string;
	version: string;
	/** When it was made; ISO, UTC. */
	createdAt: string;
	number: string;
	name: string;
	state: number;
	status: number;
	/** An account or a contact. */
	customerId: string | null;
	currencyId: string | null;
	/** Row of the company it belongs to; null where it has none, or rows carry no company. */
	companyId: string | null;
	/** Date part of the hand-over stamp; null where it is empty, or the mark of "not yet": 1900-01-01. */
	handedOver: string | null;
	description: string;
	/** Date part. */
	requestedDelivery: string | null;
	paymentTerms: FieldValue;
	freightTerms: FieldValue;
	shippingMethod: FieldValue;
	shipTo: DocumentAddress;
	billTo: DocumentAddress;
	/** `pricingerrorcode`; 0 for none. */
	pricingError: number;
	money: HeaderMoney;
	/** All columns that were read. */
	values: Readonly<Record<FieldName, FieldValue>>;
}

/** A line of such a document. */
export interface SalesLine {
	id: string;
	documentId: string;
	createdAt: string;
	/** `sequencenumber`, by which people order lines. */
	sequence: number;
	lineNumber: number;
	productId: string | null;
	unitId: string | null;
	isWriteIn: boolean;
	/** `description`, or the product's description where that is empty. */
	text: string;
	/** `producttypecode`: 1 a product, 2 a bundle, 3 and 4 its parts. */
	kind: number;
	/** The bundle that the line is part of. */
	bundleId: string | null;
	pricingError: number;
	money: LineMoney;
	/** What CRM says was delivered of it, and what is still to be; null where it says nothing. Orders only. */
	shipped: number | null;
	backordered: number | null;
}

const ADDRESS = ['name', 'line1', 'line2', 'postalcode', 'city', 'stateorprovince', 'country'] as const;
const addressColumns = (prefix: string): FieldName[] => ADDRESS.map((part) => `${prefix}_${part}`);

/** Columns that a quote and an order have. */
export const HEADER_COLUMNS: readonly FieldName[] = [
	'statecode',
	'statuscode',
	'customerid',
	'transactioncurrencyid',
	'description',
	'requestdeliveryby',
	'paymenttermscode',
	'freighttermscode',
	'shippingmethodcode',
	'pricingerrorcode',
	'discountamount',
	'discountpercentage',
	'freightamount',
	'totallineitemamount',
	'totalamountlessfreight',
	'totaltax',
	'totalamount',
	...addressColumns('shipto'),
	...addressColumns('billto'),
];

/** Columns of the lines of a quote and an order, besides the lookup of their document. */
export const LINE_COLUMNS: readonly FieldName[] = [
	'sequencenumber',
	'lineitemnumber',
	'productid',
	'uomid',
	'isproductoverridden',
	'productdescription',
	'description',
	'quantity',
	'priceperunit',
	'volumediscountamount',
	'manualdiscountamount',
	'tax',
	'baseamount',
	'extendedamount',
	'pricingerrorcode',
	'producttypecode',
	'parentbundleid',
];

const text = (value: FieldValue | undefined): string => (typeof value === 'string' ? value : '');
const id = (value: FieldValue | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);
const amount = (value: FieldValue | undefined): number => (typeof value === 'number' ? value : 0);
const known = (value: FieldValue | undefined): number | null => (typeof value === 'number' ? value : null);
/** Days are sent as date-times at a time that means nothing. */
const day = (value: FieldValue | undefined): string | null => (typeof value === 'string' && value !== '' ? value.slice(0, 10) : null);

/** A day that stands for "not handed over yet" besides the blank. */
const NOT_YET = '1900-01-01';

/** Reads a row; `companyColumn` and `handOverColumn` where the table has them. */
export function toDocument(row: SystemRecord, columns: { company?: FieldName; handOver?: FieldName }): SalesDocument {
	const { values } = row;
	const handedOver = columns.handOver ? day(values[columns.handOver]) : null;
	return {
		id: row.id,
		version: row.version,
		createdAt: row.createdAt ?? '',
		number: row.number,
		name: row.name,
		state: amount(values['statecode']),
		status: amount(values['statuscode']),
		customerId: id(values['customerid']),
		currencyId: id(values['transactioncurrencyid']),
		companyId: columns.company ? id(values[columns.company]) : null,
		handedOver: handedOver === NOT_YET ? null : handedOver,
		description: text(values['description']),
		requestedDelivery: day(values['requestdeliveryby']),
		paymentTerms: values['paymenttermscode'] ?? null,
		freightTerms: values['freighttermscode'] ?? null,
		shippingMethod: values['shippingmethodcode'] ?? null,
		shipTo: address(values, 'shipto'),
		billTo: address(values, 'billto'),
		pricingError: amount(values['pricingerrorcode']),
		money: {
			discountAmount: amount(values['discountamount']),
			discountPercent: amount(values['discountpercentage']),
			freight: amount(values['freightamount']),
			detail: known(values['totallineitemamount']),
			lessFreight: known(values['totalamountlessfreight']),
			tax: known(values['totaltax']),
			total: known(values['totalamount']),
		},
		values,
	};
}

function address(values: SystemRecord['values'], prefix: string): DocumentAddress {
	const [name, line1, line2, postalCode, city, state, country] = addressColumns(prefix).map((column) => text(values[column]).trim());
	return { name: name!, line1: line1!, line2: line2!, postalCode: postalCode!, city: city!, state: state!, country: country! };
}

/** Reads a line; `documentColumn` is the lookup of its document. */
export function toLine({ id: lineId, createdAt = '', values }: SystemRecord, documentColumn: FieldName): SalesLine {
	return {
		id: lineId,
		documentId: text(values[documentColumn]),
		createdAt,
		sequence: amount(values['sequencenumber']),
		lineNumber: amount(values['lineitemnumber']),
		productId: id(values['productid']),
		unitId: id(values['uomid']),
		isWriteIn: values['isproductoverridden'] === true || id(values['productid']) === null,
		text: text(values['description']).trim() || text(values['productdescription']).trim(),
		kind: amount(values['producttypecode']),
		bundleId: id(values['parentbundleid']),
		pricingError: amount(values['pricingerrorcode']),
		shipped: known(values['quantityshipped']),
		backordered: known(values['quantitybackordered']),
		money: {
			quantity: amount(values['quantity']),
			price: amount(values['priceperunit']),
			volumeDiscount: amount(values['volumediscountamount']),
			manualDiscount: amount(values['manualdiscountamount']),
			tax: amount(values['tax']),
			// A line of an organization that does not calculate has neither.
			extended: amount(values['baseamount']) === 0 && amount(values['extendedamount']) === 0 ? null : known(values['extendedamount']),
		},
	};
}

/** Lines in the order in which people see them. */
export const inOrder = (lines: readonly SalesLine[]): SalesLine[] =>
	[...lines].sort(
		(a, b) =>
			a.sequence - b.sequence ||
			a.lineNumber - b.lineNumber ||
			(a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1),
	);
