/** Why a default mapping differs from Business Central's own integration. `*` stands for every mapping; an item may end in `…`. */
export interface Explanation {
	mappings: readonly string[];
	item: string;
	why: string;
}

const UNITS = ['ITEM UOM', 'RESOURCE UOM'];
const OPTIONS = ['PAYMENT TERMS', 'SHIPMENT METHOD', 'SHIPPING AGENT'];
const PRODUCTS = ['ITEM-PRODUCT', 'RESOURCE-PRODUCT'];
const PRICES = ['SALESPRC-PRODPRICE', 'PLLINE-PRODPRICE'];

/** One for each difference; a test holds the list to the code. */
export const explanations: readonly Explanation[] = [
	{
		mappings: ['CUSTOMER', 'VENDOR'],
		item: 'depends on',
		why: 'under the ownership model Team the dependency on SALESPEOPLE stays in the list; without that mapping it means nothing',
	},
	{
		mappings: ['CUSTOMER', 'VENDOR', 'CONTACT'],
		item: 'owneridtype',
		why: 'CRM takes the type of an owner from the row that is bound; the column cannot be written through the Web API',
	},
	{
		mappings: ['CONTACT'],
		item: 'parentcustomeridtype',
		why: 'CRM takes the type of the parent from the row that is bound; the column cannot be written through the Web API',
	},
	{ mappings: ['CUSTOMER', 'VENDOR'], item: 'telephone2', why: 'no public service shows the mobile phone number of a customer or vendor; not one of the defaults there either' },
	{
		mappings: ['CONTACT'],
		item: 'filter on CRM',
		why: 'the type of the parent cannot be filtered by; its account-typed navigation asks the same',
	},
	{ mappings: ['CONTACT'], item: 'pager: enabled', why: 'no public service shows the pager; the field is there for an own API page that does' },
	{ mappings: ['CONTACT'], item: 'salutation', why: 'no public service shows the salutation code; not one of the defaults there either' },
	{ mappings: ['CONTACT'], item: 'parentcustomerid', why: 'the parent account, there a rule in code, is a field here' },
	{ mappings: ['CONTACT'], item: 'fullname', why: 'API v2.0 shows the whole name only: where the page with its parts is not published, the whole name is taken apart and put together' },
	{
		mappings: ['CURRENCY'],
		item: 'currencysymbol: source',
		why: 'CRM requires a symbol: a blank one becomes the code',
	},
	{ mappings: ['CURRENCY'], item: 'currencyname: source', why: 'CRM requires a name: a blank description becomes the code' },
	{ mappings: ['CURRENCY'], item: 'exchangerate', why: 'the rate, there a rule in code, is a field here, so that it is compared, previewed and logged like others' },
	{
		mappings: OPTIONS,
		item: '…: direction',
		why: 'the direction of the table mapping decides alone: the field follows it, whichever way it is set',
	},
	{ mappings: ['UNIT GROUP'], item: '…: source', why: 'the name is made of the number, as there by a rule in code' },
	{ mappings: ['UNIT OF MEASURE'], item: 'name', why: 'the composed name, there a rule in code, is a field here' },
	{ mappings: UNITS, item: 'uomscheduleid', why: 'the group of the unit, there a rule in code, is a field here' },
	{ mappings: ['ITEM-PRODUCT'], item: 'vendorname', why: 'filled beside the vendor number, there by a rule in code' },
	{ mappings: PRODUCTS, item: 'statecode', why: 'blocked and retired, there a rule in code, are a field here, so that the state is merged, previewed and logged' },
	{ mappings: ['RESOURCE-PRODUCT'], item: 'vendorid', why: 'no public service shows the vendor number of a resource' },
	{ mappings: ['RESOURCE-PRODUCT'], item: 'quantityonhand', why: 'no public service shows the capacity of a resource' },
	{ mappings: ['PLHEADER-PRICE', 'PLLINE-PRODPRICE'], item: 'filter on Business Central', why: 'the page does not show the price type; what it does not show is looked at by a rule of the mapping' },
	{ mappings: ['PLLINE-PRODPRICE'], item: 'depends on', why: 'lines may be of resources, too' },
	{ mappings: PRICES, item: 'productnumber: enabled', why: 'CRM fills the column by itself and refuses it from callers' },
	{ mappings: ['CUSTPRCGRP-PRICE'], item: 'transactioncurrencyid', why: 'the currency of the first price, there a rule in code, is a field here' },
	{ mappings: PRICES, item: 'uomid', why: 'CRM requires the unit of a price list item, whichever way units are grouped' },
	{ mappings: ['SALESPRC-PRODPRICE'], item: 'uomscheduleid', why: 'the group follows from the unit' },
];

/** The explanation of a difference; undefined when there is none. */
export const explanationOf = (mapping: string, item: string): Explanation | undefined =>
	explanations.find((each) => each.mappings.includes(mapping) && (each.item.startsWith('…') ? item.endsWith(each.item.slice(1)) : each.item === item));
