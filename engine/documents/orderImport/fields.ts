/** One line of the table of what crosses, for people: the documentation shows it, and a test compares it with what is sent. */
export interface OrderField {
	/** Property of salesOrders or salesOrderLines. */
	businessCentral: string;
	/** Columns of salesorder or salesorderdetail, or where else it comes from. */
	crm: string;
	rule: string;
}

/** The header, in the order in which it is sent. */
export const HEADER_FIELDS: readonly OrderField[] = [
	{
		businessCentral: 'customerId',
		crm: 'customerid',
		rule: 'the customer coupled with the account; of a contact, with its account. An account must be of the relationship type *Customer*',
	},
	{
		businessCentral: 'billToCustomerId',
		crm: '',
		rule: 'not sent, so that the customer’s own bill-to customer pays, unless *Bill-To Customer* of the company settings says otherwise',
	},
	{
		businessCentral: 'currencyCode',
		crm: 'transactioncurrencyid',
		rule: 'its ISO code; the local currency is a blank one in Business Central, also for a customer of another',
	},
	{ businessCentral: 'pricesIncludeTax', crm: '', rule: 'always no' },
	{
		businessCentral: 'paymentTermsId',
		crm: 'paymenttermscode',
		rule: 'by the couples of PAYMENT TERMS; unknown or empty: the customer’s own',
	},
	{
		businessCentral: 'shipmentMethodId',
		crm: 'freighttermscode',
		rule: 'by the couples of SHIPMENT METHOD; unknown or empty: the customer’s own',
	},
	{ businessCentral: 'requestedDeliveryDate', crm: 'requestdeliveryby', rule: 'the day; empty: not sent' },
	{ businessCentral: 'shipToName', crm: 'shipto_name', rule: 'only with an address' },
	{
		businessCentral: 'shipToAddressLine1',
		crm: 'shipto_line1',
		rule: 'all six parts of the address, blanks included, if one of them is filled; otherwise the customer’s own. 100 characters',
	},
	{ businessCentral: 'shipToAddressLine2', crm: 'shipto_line2', rule: '50 characters' },
	{
		businessCentral: 'shipToPostCode',
		crm: 'shipto_postalcode',
		rule: '20 characters; before the city, because a known post code brings its own',
	},
	{ businessCentral: 'shipToCity', crm: 'shipto_city', rule: '30 characters' },
	{ businessCentral: 'shipToCountry', crm: 'shipto_country', rule: 'the code, or the code of the country of that name' },
	{ businessCentral: 'shipToState', crm: 'shipto_stateorprovince', rule: '30 characters' },
	{
		businessCentral: 'externalDocumentNumber',
		crm: 'ordernumber, then name',
		rule: 'the number while the order is being created, so that it is found again; then the name (35 characters, in capitals), or the number, as *External Document Number* says',
	},
	{
		businessCentral: 'discountAmount',
		crm: 'totallineitemamount − totalamountlessfreight',
		rule: 'after all lines, where a discount amount or percentage is entered; otherwise 0, so that no discount of the customer’s own remains',
	},
];

/** What only the page `salesDocuments` writes, after everything else. */
export const PAGE_FIELDS: readonly OrderField[] = [
	{ businessCentral: 'yourReference', crm: 'ordernumber', rule: '35 characters' },
	{
		businessCentral: 'shippingAgentCode',
		crm: 'shippingmethodcode',
		rule: 'by the couples of SHIPPING AGENT; unknown or empty: the customer’s own',
	},
	{ businessCentral: 'workDescription', crm: 'description', rule: '2,048 characters; empty: not sent' },
	{ businessCentral: 'billToName', crm: 'billto_name', rule: 'only with an address' },
	{
		businessCentral: 'billToAddress',
		crm: 'billto_line1',
		rule: 'all six parts of the address, blanks included, if one of them is filled; otherwise the payer’s own',
	},
	{ businessCentral: 'billToAddress2', crm: 'billto_line2', rule: '' },
	{ businessCentral: 'billToPostCode', crm: 'billto_postalcode', rule: '' },
	{ businessCentral: 'billToCity', crm: 'billto_city', rule: '' },
	{ businessCentral: 'billToCountryRegionCode', crm: 'billto_country', rule: 'the code, or the code of the country of that name' },
	{ businessCentral: 'billToCounty', crm: 'billto_stateorprovince', rule: '' },
];

/** A line, in the order in which it is sent. */
export const LINE_FIELDS: readonly OrderField[] = [
	{ businessCentral: 'sequence', crm: 'sequencenumber', rule: '10000, 20000 … in the order of CRM' },
	{
		businessCentral: 'lineType',
		crm: 'producttypecode of the product',
		rule: '*Item* for sales inventory, *Resource* for services, the write-in item or resource for a line without a product, *Account* for freight, *Comment* for text',
	},
	{ businessCentral: 'lineObjectNumber', crm: 'productid', rule: 'number of the coupled item or resource' },
	{
		businessCentral: 'description',
		crm: 'description, else productdescription',
		rule: 'of a write-in its first 100 characters, and lines of text for the rest; an item or resource keeps its own, and another text follows as a whole in lines of text',
	},
	{
		businessCentral: 'unitOfMeasureCode',
		crm: 'uomid',
		rule: 'code of the coupled unit; without unit groups the base unit of the item, if that is the one of the line',
	},
	{ businessCentral: 'quantity', crm: 'quantity', rule: '' },
	{
		businessCentral: 'unitPrice',
		crm: 'priceperunit',
		rule: 'always, also 0. Of an item that is priced including VAT, without the VAT of the line, to five places',
	},
	{
		businessCentral: 'discountAmount',
		crm: 'volumediscountamount × quantity + manualdiscountamount',
		rule: 'always, also 0; the manual discount × quantity, where the organization counts it for each unit',
	},
];

/** What the hand-over writes to CRM. */
export const HAND_OVER_FIELDS: readonly OrderField[] = [
	{ businessCentral: 'today', crm: 'lastbackofficesubmit', rule: 'the day, sent as noon' },
	{ businessCentral: 'the company', crm: 'bcbi_companyid', rule: 'where the column is installed' },
	{ businessCentral: '10', crm: 'submitstatus', rule: 'imported (70, where the order was posted already)' },
	{ businessCentral: 'number', crm: 'submitstatusdescription', rule: '`Business Central order S-ORD101001`, for people in CRM' },
	{
		businessCentral: '',
		crm: 'statecode, statuscode',
		rule: 'back to Active, and on to Submitted (Invoiced, where the order was posted already), in the same change set',
	},
];
