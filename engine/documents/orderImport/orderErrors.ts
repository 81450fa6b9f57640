import { SyncError, type ErrorClass, type ErrorSystem } from '../../model/errors';

/** The order an error speaks of, as people know it in CRM. */
export interface OrderName {
	id: string;
	number: string;
}

interface Says {
	code: string;
	message: string;
	hint: string;
	errorClass?: ErrorClass;
	system?: ErrorSystem;
}

const says = ({ id, number }: OrderName, { code, message, hint, errorClass = 'data', system = 'crm' }: Says): SyncError =>
	new SyncError({ code, errorClass, system, table: 'salesorder', recordId: id, message: `Order ${number}: ${message}`, hint });

/** Line of an order in words: its sequence, and what it sells. */
export const lineName = (sequence: number, what: string): string => `line ${sequence}${what ? ` (${what})` : ''}`;

export const notSubmitted = (order: OrderName, state: string): SyncError =>
	says(order, {
		code: 'ORDER_NOT_SUBMITTED',
		message: `it is ${state} in CRM; only submitted orders become orders of Business Central.`,
		hint: 'Submit the order in CRM, then run it again.',
	});

export const alreadyStamped = (order: OrderName, day: string): SyncError =>
	says(order, {
		code: 'ORDER_HANDED_OVER',
		message: `CRM says that it was handed over on ${day}, but no order of Business Central is coupled with it.`,
		hint: 'If Business Central really has no order for it, run it again in Sales Documents with the option "Import Orders Handed Over Before"; otherwise there is nothing to do.',
	});

export const companyUnknown = (order: OrderName): SyncError =>
	says(order, {
		code: 'ORDER_COMPANY_UNKNOWN',
		message: 'several companies share this CRM, and neither the order nor its account says to which of them it belongs.',
		hint: 'Couple the account with a customer of its company, or let this company take such orders: Table Mappings → Get or Change Company Settings, "Claim Orders of No Company".',
	});

export const otherCompanyOrder = (order: OrderName): SyncError =>
	says(order, {
		code: 'OTHER_COMPANY',
		message: 'it belongs to another company.',
		hint: 'Import it in a node that is set to that company, or give the order this company in CRM.',
	});

export const customerMissing = (order: OrderName, contact: string | null): SyncError =>
	says(order, {
		code: 'CUSTOMER_MISSING',
		message: contact === null ? 'it has no customer.' : `its customer is the contact ${contact}, who belongs to no account.`,
		hint:
			contact === null
				? 'Choose a customer in the order (set it to Active first), then submit it again.'
				: 'Give the contact an account in CRM, or choose an account in the order; then run it again.',
	});

export const accountNotCustomer = (order: OrderName, account: string): SyncError =>
	says(order, {
		code: 'ACCOUNT_NOT_CUSTOMER',
		message: `the relationship type of the account ${account} is not Customer.`,
		hint: 'Set the relationship type of the account to Customer in CRM and synchronize the account, then run the order again.',
	});

export const nothingToAccept = (order: OrderName): SyncError =>
	says(order, {
		code: 'ORDER_NOT_IMPORTED',
		message: 'Business Central has no order of it yet, so that there is nothing to accept.',
		hint: 'Import it first: Sales Documents → Create Orders in Business Central.',
	});

/** Something an order refers to has no partner in Business Central. */
export const orderDependency = (order: OrderName, what: string, mapping: string): SyncError =>
	says(order, {
		code: 'DEPENDENCY',
		message: `${what} has no coupled partner in Business Central (table mapping ${mapping}).`,
		hint: `Synchronize or couple it with the table mapping ${mapping} first; the order is tried again in every run.`,
	});

export const productNotActive = (order: OrderName, line: string, state: string): SyncError =>
	says(order, {
		code: 'PRODUCT_NOT_ACTIVE',
		message: `the product of ${line} is ${state} in CRM.`,
		hint: 'Activate the product again in CRM, or exchange it in the order; then run the order again.',
	});

export const productType = (order: OrderName, line: string, why: string): SyncError =>
	says(order, {
		code: 'PRODUCT_TYPE',
		message: `the product of ${line} ${why}.`,
		hint: 'Exchange the product in the order for one of the type Sales Inventory or Services, or remove the line; then submit the order again.',
	});

export const itemBlocked = (order: OrderName, line: string, item: string): SyncError =>
	says(order, {
		code: 'ITEM_BLOCKED',
		system: 'businessCentral',
		message: `the item ${item} of ${line} is blocked in Business Central.`,
		hint: 'Remove the check mark Blocked from the item in Business Central, or exchange the product in the order.',
	});

export const writeInMissing = (order: OrderName, line: string): SyncError =>
	says(order, {
		code: 'WRITE_IN_MISSING',
		message: `${line} is a write-in without a product, and no write-in item or resource is set.`,
		hint: 'Enter the number of the write-in item or resource in Table Mappings → Get or Change Company Settings, or choose a product in the order.',
	});

export const freightAccountMissing = (order: OrderName): SyncError =>
	says(order, {
		code: 'FREIGHT_ACCOUNT_MISSING',
		message: 'it has a freight amount, and no G/L account for freight is set.',
		hint: 'Enter the number of the account as "Freight Account" in Table Mappings → Get or Change Company Settings.',
	});

export const freightAccountRefused = (order: OrderName, account: string, why: string): SyncError =>
	says(order, {
		code: 'FREIGHT_ACCOUNT_REFUSED',
		system: 'businessCentral',
		message: `the G/L account ${account} for freight ${why}.`,
		hint: 'Choose another account as "Freight Account" in Table Mappings → Get or Change Company Settings, or change the account in Business Central.',
	});

export const countryUnknown = (order: OrderName, country: string): SyncError =>
	says(order, {
		code: 'COUNTRY_UNKNOWN',
		message: `Business Central knows no country with the code or name "${country}" of the ship-to address.`,
		hint: 'Enter a code or name of the page Countries/Regions in the order (set it to Active first), or create the country in Business Central; then run it again.',
	});

export const currencyUnknown = (order: OrderName, currency: string): SyncError =>
	says(order, {
		code: 'CURRENCY_UNKNOWN',
		message: `Business Central has no currency ${currency}.`,
		hint: 'Create the currency in Business Central, or choose another one for the order in CRM; then run it again.',
	});

export const unitUnclear = (order: OrderName, line: string, unit: string, base: string): SyncError =>
	says(order, {
		code: 'UNIT_UNCLEAR',
		message: `${line} is sold in ${unit || 'a unit without a name'}, its item in Business Central in ${base}; without unit groups nobody can tell how many of the one make one of the other.`,
		hint: 'Give the item that base unit again in Business Central, or switch "Unit Groups" on in Table Mappings → Get or Change Company Settings and synchronize units and items; then run the order again.',
	});

export const pricingError = (order: OrderName, where: string, what: string): SyncError =>
	says(order, {
		code: 'PRICING_ERROR',
		message: `CRM could not calculate ${where}: ${what}. Its totals cannot be trusted.`,
		hint: 'Correct the price list, the unit or the discount in CRM and let the order be calculated again (Recalculate), then submit it again.',
	});

export const amountsDiffer = (order: OrderName, bcNumber: string, how: string, causes: readonly string[]): SyncError =>
	says(order, {
		code: 'AMOUNTS_DIFFER',
		message: `the amounts of order ${bcNumber} of Business Central differ. ${how}.${causes.length ? ` Likely cause: ${causes.join('; ')}.` : ''}`,
		hint: 'Correct the order in Business Central, or accept the amounts in Sales Documents → Accept Amounts; then run it again.',
	});

export const orderChanged = (order: OrderName, bcNumber: string): SyncError =>
	says(order, {
		code: 'CRM_ORDER_CHANGED',
		message: `it was changed in CRM after order ${bcNumber} of Business Central had been made from it.`,
		hint: `Enter the changes in order ${bcNumber} by hand and say so in Sales Documents → Accept Amounts; or delete that order in Business Central, then the CRM order is imported anew.`,
	});

export const userHasIt = (order: OrderName, bcNumber: string, canceled: boolean): SyncError =>
	canceled
		? says(order, {
				code: 'CRM_ORDER_CANCELED',
				message: `it was canceled in CRM; order ${bcNumber} of Business Central still exists.`,
				hint: `Delete order ${bcNumber} in Business Central if it is not to be delivered.`,
			})
		: says(order, {
				code: 'CRM_ORDER_REOPENED',
				message: `it was set back to Active in CRM; order ${bcNumber} of Business Central still holds what was submitted before.`,
				hint: 'Submit the order again in CRM when it is ready, then run it again.',
			});

export const orderReleased = (order: OrderName, bcNumber: string): SyncError =>
	says(order, {
		code: 'ORDER_RELEASED',
		system: 'businessCentral',
		message: `order ${bcNumber} of Business Central was released before its import had come to its end, so that its lines and discount can no longer be written.`,
		hint: `Reopen order ${bcNumber} in Business Central, then run it again.`,
	});

export const orderGone = (order: OrderName, bcNumber: string): SyncError =>
	says(order, {
		code: 'ORDER_GONE',
		errorClass: 'transient',
		system: 'businessCentral',
		message: `order ${bcNumber} of Business Central is not there, and no posted invoice of it.`,
		hint: 'Nothing to do: it may be posted at this very moment. When a later run finds it gone still, the CRM order is imported anew.',
	});

export const unsettled = (order: OrderName, cause?: SyncError): SyncError =>
	says(order, {
		code: 'INSERT_UNSETTLED',
		errorClass: 'transient',
		system: 'businessCentral',
		message: `the answer to the creation of its order in Business Central was lost${cause ? ` (${cause.message})` : ''}; it may still appear there.`,
		hint: 'Nothing to do: a later run finds the order by its external document number, or creates it fifteen minutes after the lost answer.',
	});

export const ambiguous = (order: OrderName, marker: string, numbers: readonly string[]): SyncError =>
	says(order, {
		code: 'INSERT_AMBIGUOUS',
		system: 'businessCentral',
		message: `several orders of Business Central carry its number ${marker} as external document number: ${numbers.join(', ')}.`,
		hint: 'Delete those that are not needed in Business Central, or give them another external document number; then run it again.',
	});

export const keptChanging = (order: OrderName): SyncError =>
	says(order, {
		code: 'CRM_ORDER_BUSY',
		errorClass: 'transient',
		message: 'others kept changing it while it was being handed over.',
		hint: 'Nothing to do: the next run hands it over.',
	});
