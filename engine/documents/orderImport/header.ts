import { spelledCode } from '../../model/upperCase';
import { cutText } from '../../model/cutText';
import type { FieldName, FieldValue } from '../../model/record';
import { externalNumber, markerOf } from '../kernel/marker';
import type { DocumentAddress, SalesDocument } from '../kernel/salesDocument';
import { accountNotCustomer, countryUnknown, currencyUnknown, customerMissing, orderDependency } from './orderErrors';
import type { OrderLookups, Party } from './orderLookups';

/** Choice value of `account.customertypecode`. */
const CUSTOMER = 3;

/** Lengths of table Sales Header. */
const ADDRESS_LENGTHS = { line1: 100, line2: 50, postalCode: 20, city: 30, state: 30, name: 100 } as const;

/** What the header is made of, in the order in which it is sent. */
export interface PlannedHeader {
	properties: Record<FieldName, FieldValue>;
	externalNumber: string;
	marker: string;
	/** ISO code of the order, and its digits behind the decimal sign. */
	currency: { code: string; places: number };
	warnings: string[];
}

/**
 * The header of an order in Business Central. Pure.
 * @throws SyncError (data) naming what is missing; nothing is created then
 */
export function plannedHeader(order: SalesDocument, lookups: OrderLookups): PlannedHeader {
	const warnings: string[] = [];
	const customerId = customerOf(order, lookups);
	const currency = currencyOf(order, lookups);
	const payer = payerOf(order, lookups, customerId);
	const terms = optional('paymentTermsId', order.paymentTerms, lookups.paymentTerms);
	const method = optional('shipmentMethodId', order.freightTerms, lookups.shipmentMethods);
	const marker = markerOf(order.number);
	return {
		properties: {
			customerId,
			...(payer === null ? {} : { billToCustomerId: payer }),
			currencyCode: currency.code,
			// Else the prices of customers with prices including VAT would be taken for such.
			pricesIncludeTax: false,
			...terms,
			...method,
			...(order.requestedDelivery === null ? {} : { requestedDeliveryDate: order.requestedDelivery }),
			...shipTo(order, lookups, warnings),
			externalDocumentNumber: marker,
		},
		externalNumber: lookups.settings.externalDocumentFrom === 'number' ? marker : externalNumber(order.name) || marker,
		marker,
		currency,
		warnings,
	};
}

/** An unknown or empty value is passed over: the customer's own stays. */
function optional(property: FieldName, choice: FieldValue, ids: ReadonlyMap<string, string>): Record<FieldName, FieldValue> {
	const id = choice === null ? undefined : ids.get(String(choice));
	return id === undefined ? {} : { [property]: id };
}

function customerOf(order: SalesDocument, { parties }: OrderLookups): string {
	const party = order.customerId === null ? undefined : parties.get(order.customerId);
	if (!party) throw customerMissing(order, null);
	if (party.accountId === null) throw customerMissing(order, party.name);
	if (party.direct && party.type !== CUSTOMER) throw accountNotCustomer(order, party.name);
	return coupled(order, party);
}

function coupled(order: SalesDocument, { name, customerId }: Party): string {
	if (customerId === null) throw orderDependency(order, `the account ${name}`, 'CUSTOMER');
	return customerId;
}

/** Null: the customer's own bill-to customer. */
function payerOf(order: SalesDocument, { settings, parties }: OrderLookups, customerId: string): string | null {
	if (settings.billTo === 'customerDefault') return null;
	if (settings.billTo === 'sellTo') return customerId;
	const account = order.values[settings.billToColumn];
	if (typeof account !== 'string' || account === '') return null;
	const party = parties.get(account);
	if (!party) throw orderDependency(order, `the account that pays (${settings.billToColumn})`, 'CUSTOMER');
	return coupled(order, party);
}

function currencyOf(order: SalesDocument, { currencies, foreignCurrencies, localCurrency }: OrderLookups): PlannedHeader['currency'] {
	const currency = order.currencyId === null ? undefined : currencies.get(order.currencyId);
	if (!currency) return { code: localCurrency, places: 2 };
	const code = spelledCode(currency.code);
	// Business Central takes the local currency's code for a blank one (codeunit Graph Mgt - General Tools).
	if (code !== spelledCode(localCurrency) && !foreignCurrencies.has(code)) throw currencyUnknown(order, currency.code);
	return { code, places: currency.places };
}

/** None of the six filled: the customer's own address stays. Otherwise all six, blanks included. */
export const isAddressFilled = ({ line1, line2, postalCode, city, state, country }: DocumentAddress): boolean =>
	[line1, line2, postalCode, city, state, country].some((part) => part !== '');

/** Post code before city before country before county: a known post code brings its own city and county, and what comes later wins. */
function shipTo(order: SalesDocument, lookups: OrderLookups, warnings: string[]): Record<FieldName, FieldValue> {
	const { shipTo: address } = order;
	if (!isAddressFilled(address)) return {};
	const cut = (part: keyof typeof ADDRESS_LENGTHS): string => {
		const short = cutText(address[part], ADDRESS_LENGTHS[part]);
		if (short !== address[part]) warnings.push(`Business Central holds only the beginning of the ship-to address: ${address[part]}`);
		return short;
	};
	return {
		...(address.name === '' ? {} : { shipToName: cut('name') }),
		shipToAddressLine1: cut('line1'),
		shipToAddressLine2: cut('line2'),
		shipToPostCode: cut('postalCode'),
		shipToCity: cut('city'),
		shipToCountry: countryOf(order, address.country, lookups),
		shipToState: cut('state'),
	};
}

function countryOf(order: SalesDocument, country: string, { countries }: OrderLookups): string {
	if (country === '' || countries === null) return country;
	const code = countries.codeOf(country);
	if (code === null) throw countryUnknown(order, country);
	return code;
}
