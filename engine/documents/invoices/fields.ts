/** One line of the table of what crosses, for people: the documentation shows it, and a test compares it with what is sent. */
export interface InvoiceField {
	/** Column of invoice or invoicedetail. */
	crm: string;
	/** Property of salesInvoices or salesInvoiceLines, or where else it comes from. */
	businessCentral: string;
	rule: string;
}

const NOT_WITHOUT = 'only where there is one';

/** Sent when an invoice is created, and never again. */
export const ONCE_FIELDS: readonly InvoiceField[] = [
	{ crm: 'invoicenumber', businessCentral: 'number', rule: '' },
	{ crm: 'name', businessCentral: '', rule: 'name of the linked order, otherwise the number' },
	{
		crm: 'customerid',
		businessCentral: 'customerId',
		rule: 'customer of the linked order, which may be a contact; otherwise the account coupled with the sell-to customer',
	},
	{ crm: 'transactioncurrencyid', businessCentral: 'currencyCode', rule: 'by its ISO code' },
	{ crm: 'salesorderid', businessCentral: 'orderId, else customerPurchaseOrderReference', rule: 'the linked order' },
	{ crm: 'opportunityid', businessCentral: '', rule: `that of the linked order, ${NOT_WITHOUT}` },
	{
		crm: 'pricelevelid',
		businessCentral: '',
		rule: 'that of the linked order, if it is in the same currency; otherwise the list of the currency, of which there is one',
	},
	{
		crm: 'ownerid',
		businessCentral: 'salesperson',
		rule: 'owner of the linked order; otherwise the user coupled with the salesperson, or the team of the company',
	},
	{
		crm: 'description',
		businessCentral: 'shipmentMethodId, invoiceDate, postingDate',
		rule: 'in words, with the comments that stand before the first line; credit memos are added later',
	},
	{ crm: 'bcbi_companyid', businessCentral: 'the company', rule: 'where the column is installed' },
];

/** Written again when they change in Business Central, as long as the invoice of CRM is Active. */
export const KEPT_FIELDS: readonly InvoiceField[] = [
	{ crm: 'duedate', businessCentral: 'dueDate', rule: '' },
	...(['shipto', 'billto'] as const).flatMap((prefix) =>
		(
			[
				['name', 'Name'],
				['line1', 'AddressLine1'],
				['line2', 'AddressLine2'],
				['postalcode', 'PostCode'],
				['city', 'City'],
				['stateorprovince', 'State'],
				['country', 'Country'],
			] as const
		).map(([column, property]) => ({
			crm: `${prefix}_${column}`,
			businessCentral: `${prefix === 'shipto' ? 'shipTo' : 'billTo'}${property}`,
			rule: '',
		})),
	),
	{ crm: 'discountamount', businessCentral: 'invoiceDiscountAllocation of the lines', rule: 'the invoice discount, without VAT' },
	{ crm: 'discountpercentage', businessCentral: '', rule: '0' },
	{ crm: 'freightamount', businessCentral: '', rule: '0: freight is a line' },
	{ crm: 'paymenttermscode', businessCentral: 'paymentTermsId', rule: `by the couples of PAYMENT TERMS, ${NOT_WITHOUT}` },
	{ crm: 'datedelivered', businessCentral: 'postingDate of salesShipments', rule: `of the newest shipment of its order, ${NOT_WITHOUT}` },
];

/** A line. */
export const LINE_FIELDS: readonly InvoiceField[] = [
	{ crm: 'lineitemnumber', businessCentral: 'sequence', rule: '' },
	{ crm: 'productid', businessCentral: 'itemId, lineObjectNumber', rule: 'product coupled with the item or resource' },
	{
		crm: 'uomid',
		businessCentral: 'unitOfMeasureCode',
		rule: 'with unit groups the coupled unit of the item or resource; otherwise the unit of the product',
	},
	{ crm: 'isproductoverridden', businessCentral: 'lineType', rule: 'yes for accounts, charges, and the write-in item or resource' },
	{ crm: 'productdescription', businessCentral: 'description', rule: 'of a line without a product' },
	{ crm: 'description', businessCentral: 'description', rule: 'of the comments that follow the line' },
	{ crm: 'quantity', businessCentral: 'quantity', rule: '' },
	{ crm: 'ispriceoverridden', businessCentral: '', rule: 'yes' },
	{
		crm: 'priceperunit',
		businessCentral: '(amountExcludingTax + discountAmount) ÷ quantity',
		rule: 'without VAT, to the digits of prices in CRM',
	},
	{
		crm: 'manualdiscountamount',
		businessCentral: 'discountAmount',
		rule: 'without VAT; ÷ quantity where the organization counts it for each unit',
	},
	{ crm: 'tax', businessCentral: 'netAmountIncludingTax − netAmount', rule: '' },
	{ crm: 'actualdeliveryon', businessCentral: 'shipmentDate', rule: NOT_WITHOUT },
	{ crm: 'shipto_…', businessCentral: 'shipTo…', rule: 'those of the header' },
];
