import { SyncError } from '../../model/errors';

/** The currency of a price list is chosen when it is created and cannot be changed later. */
export const listCurrencyFixed = (currency: string): SyncError =>
	new SyncError({
		code: 'PRICE_LIST_CURRENCY',
		errorClass: 'data',
		system: 'crm',
		table: 'pricelevel',
		field: 'Currency Code',
		message: `The price list in CRM has another currency than ${currency}, and a price list of CRM keeps its currency for ever.`,
		hint: 'Go back to the former currency in Business Central; or uncouple the price list in Couple Records and use Create and Couple for it: a new one is created, and the old one stays.',
	});

/** All prices of a customer price group must be in one currency, which becomes that of the price list. */
export const currenciesDiffer = (group: string, currencies: readonly string[]): SyncError =>
	new SyncError({
		code: 'PRICE_GROUP_CURRENCIES',
		errorClass: 'data',
		system: 'businessCentral',
		field: 'Currency Code',
		message: `The sales prices of the customer price group ${group} are in several currencies (${currencies.join(', ')}); a price list of CRM has one.`,
		hint: 'Use one customer price group for each currency in Business Central.',
	});

/** A price in another currency than its list would be a wrong price. */
export const lineCurrencyDiffers = (currency: string): SyncError =>
	new SyncError({
		code: 'PRICE_LINE_CURRENCY',
		errorClass: 'data',
		system: 'businessCentral',
		field: 'Currency Code',
		message: `The line is in ${currency}, but the price list in CRM is in another currency.`,
		hint: 'Move the line to a price list of its currency in Business Central.',
	});

export const lineTaken = (): SyncError =>
	new SyncError({
		code: 'PRICE_LINE_TAKEN',
		errorClass: 'data',
		system: 'crm',
		table: 'productpricelevel',
		message: 'Another line gives the price of the same product and unit in this price list, and CRM keeps only one.',
		hint: 'Keep one line for the product and unit in Business Central. To keep this one, delete the other (a line of past dates, of a variant, or of a work type), and its price in CRM with Couple Records → Delete the Other Record; then Couple Records → Retry.',
	});

/** Drafts, lists of discounts, and lists that allow updating defaults cannot be coupled. */
export const listNotForCrm = (code: string): SyncError =>
	new SyncError({
		code: 'PRICE_LIST_NOT_FOR_CRM',
		errorClass: 'data',
		system: 'businessCentral',
		field: 'Status',
		message: `The price list ${code} cannot be coupled: it is a draft, a list of discounts, or one that allows updating defaults.`,
		hint: 'Activate the price list in Business Central first. Lists that allow updating defaults are those to couple only where a default price list code is entered in Table Mappings → Get or Change Company Settings.',
	});
