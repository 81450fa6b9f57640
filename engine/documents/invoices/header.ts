import { companyStamp } from '../../model/companyColumn';
import { cutText } from '../../model/cutText';
import type { FieldName, FieldValue, LookupValue } from '../../model/record';
import { spelledCode } from '../../model/upperCase';
import type { DocumentAddress } from '../kernel/salesDocument';
import { currencyUnknown, customerChanged, dependency } from './invoiceErrors';
import type { InvoiceLookups, LinkedOrder } from './invoiceLookups';
import type { CrmValues, PlannedInvoice } from './invoiceWork';
import type { PostedInvoice } from './postedInvoice';

/** Length of the column `description`. */
export const DESCRIPTION_LENGTH = 2_000;

export interface PlannedHeader {
	once: CrmValues;
	kept: CrmValues;
	currency: PlannedInvoice['currency'];
	priceListId: string | null;
	warnings: string[];
}

/**
 * The header of an invoice in CRM. Pure.
 * @param discount what the invoice takes off its lines, without VAT
 * @param comments text that stands before the first line
 * @throws SyncError (data) naming what is missing; nothing is created then
 */
export function plannedHeader(
	invoice: PostedInvoice,
	lookups: InvoiceLookups,
	discount: number,
	comments: readonly string[],
): PlannedHeader {
	const warnings: string[] = [];
	const order = orderOf(invoice, lookups, warnings);
	const currency = currencyOf(invoice, lookups);
	const sameCurrency = order !== null && order.currencyId === currency.id;
	const priceListId = sameCurrency ? order.priceListId : null;
	const owner = ownerOf(invoice, order, lookups);
	const once: Record<FieldName, FieldValue | LookupValue> = {
		invoicenumber: invoice.number,
		name: order?.name || invoice.number,
		customerid: order?.customer ?? accountOf(invoice, lookups),
		transactioncurrencyid: lookup('transactioncurrency', currency.id),
		...(order === null ? {} : { salesorderid: lookup('salesorder', order.id) }),
		...(order?.opportunityId ? { opportunityid: lookup('opportunity', order.opportunityId) } : {}),
		...(owner === null ? {} : { ownerid: owner }),
		description: descriptionOf(invoice, lookups, comments),
		...(lookups.companyRowId === null ? {} : companyStamp(lookups.companyRowId)),
	};
	return { once, kept: keptOf(invoice, lookups, discount), currency, priceListId, warnings };
}

const lookup = (table: string, id: string): LookupValue => ({ table, id });

/** Of the linked order: it names the customer, and its customer has to be that of the invoice. */
function orderOf(invoice: PostedInvoice, { orders }: InvoiceLookups, warnings: string[]): LinkedOrder | null {
	const order = orders.get(invoice.id) ?? null;
	if (order === 'several') {
		warnings.push(`Several orders of CRM have the number ${invoice.reference} that stands in its Your Reference; it is linked with none.`);
		return null;
	}
	if (order !== null && order.customerId !== invoice.customerId)
		throw customerChanged(invoice, { customer: invoice.customer, order: order.number });
	return order;
}

function accountOf(invoice: PostedInvoice, { accounts }: InvoiceLookups): LookupValue {
	const account = accounts.get(invoice.customerId);
	if (account === undefined) throw dependency(invoice, `the customer ${invoice.customer}`, 'CUSTOMER');
	return lookup('account', account);
}

function currencyOf(invoice: PostedInvoice, { currencies, localCurrency }: InvoiceLookups): PlannedInvoice['currency'] {
	const code = spelledCode(invoice.currency) || localCurrency;
	const currency = currencies.get(code);
	if (!currency) throw currencyUnknown(invoice, code);
	return { code, ...currency };
}

/** The owner of the order; else the user of the salesperson, or the company's team. Null: whoever the row is created by. */
function ownerOf(
	invoice: PostedInvoice,
	order: LinkedOrder | null,
	{ salespeople, ownedByPersons, team }: InvoiceLookups,
): LookupValue | null {
	if (order?.owner) return order.owner;
	if (!ownedByPersons) return team === null ? null : lookup('team', team);
	const user = salespeople.get(spelledCode(invoice.salesperson));
	if (user === null) throw dependency(invoice, `the salesperson ${invoice.salesperson}`, 'SALESPEOPLE');
	return user === undefined ? null : lookup('systemuser', user);
}

/** What CRM has no column for, in lines. */
function descriptionOf(invoice: PostedInvoice, { shipmentMethods }: InvoiceLookups, comments: readonly string[]): string {
	const method = invoice.shipmentMethodId === null ? undefined : shipmentMethods.get(invoice.shipmentMethodId);
	const dates = [
		...(invoice.invoiceDate === null ? [] : [`Invoice date ${invoice.invoiceDate}`]),
		...(invoice.postingDate === null || invoice.postingDate === invoice.invoiceDate ? [] : [`posting date ${invoice.postingDate}`]),
	];
	const lines = [...(method ? [method] : []), ...(dates.length > 0 ? [dates.join(' · ')] : []), ...comments];
	return cutText(lines.join('\n'), DESCRIPTION_LENGTH);
}

function keptOf(invoice: PostedInvoice, lookups: InvoiceLookups, discount: number): CrmValues {
	const terms = invoice.paymentTermsId === null ? undefined : lookups.paymentTerms.get(invoice.paymentTermsId);
	const delivered = lookups.shipments.get(spelledCode(invoice.orderNumber));
	return {
		duedate: invoice.dueDate,
		...address('shipto', invoice.shipTo),
		...address('billto', invoice.billTo),
		discountamount: discount,
		// Otherwise CRM would add what its own defaults say.
		discountpercentage: 0,
		freightamount: 0,
		...(terms === undefined ? {} : { paymenttermscode: terms }),
		// A day, sent at noon, so that no time zone makes another day of it.
		...(delivered === undefined ? {} : { datedelivered: `${delivered}T12:00:00Z` }),
	};
}

const LENGTHS = { name: 200, line1: 250, line2: 250, postalCode: 20, city: 80, state: 50, country: 80 } as const;

export function address(prefix: string, address: DocumentAddress): Record<FieldName, FieldValue> {
	const cut = (part: keyof typeof LENGTHS): FieldValue => cutText(address[part], LENGTHS[part]) || null;
	return {
		[`${prefix}_name`]: cut('name'),
		[`${prefix}_line1`]: cut('line1'),
		[`${prefix}_line2`]: cut('line2'),
		[`${prefix}_postalcode`]: cut('postalCode'),
		[`${prefix}_city`]: cut('city'),
		[`${prefix}_stateorprovince`]: cut('state'),
		[`${prefix}_country`]: cut('country'),
	};
}
