import { type ErrorClass, type ErrorSystem, SyncError } from '../../model/errors';
import { LINK, STATISTICS_ROWS } from './tables';

/** The customer an error speaks of, as people know it in Business Central. */
export interface CustomerName {
	id: string;
	number: string;
	name: string;
}

interface Says {
	code: string;
	message: string;
	hint: string;
	errorClass?: ErrorClass;
	system?: ErrorSystem;
}

const titled = ({ number, name, id }: CustomerName): string => [number, name].filter(Boolean).join(' ') || id;

const says = (customer: CustomerName, { code, message, hint, errorClass = 'data', system = 'crm' }: Says): SyncError =>
	new SyncError({
		code,
		errorClass,
		system,
		table: 'account',
		recordId: customer.id,
		message: `Customer ${titled(customer)}: ${message}`,
		hint,
	});

export const accountMissing = (customer: CustomerName): SyncError =>
	says(customer, {
		code: 'STATISTICS_ACCOUNT_MISSING',
		message: 'the account it is coupled with is not in CRM any more, so that nobody can be shown its figures.',
		hint: 'Couple the customer with another account, or restore or uncouple it in Couple Records; its figures are left alone until it is coupled with another one.',
	});

export const customerMissing = (customer: CustomerName): SyncError =>
	says(customer, {
		code: 'STATISTICS_CUSTOMER_MISSING',
		system: 'businessCentral',
		message: 'it is coupled with an account, but is not in Business Central any more.',
		hint: 'Couple the account with another customer, or restore or uncouple it in Couple Records; its figures are left alone until it is coupled with another one.',
	});

export const notCoupled = (customer: CustomerName): SyncError =>
	says(customer, {
		code: 'DEPENDENCY',
		message: 'it has no coupled account in CRM (table mapping CUSTOMER).',
		hint: 'Synchronize or couple it with the table mapping CUSTOMER first.',
	});

export const currencyMissing = (customer: CustomerName, code: string): SyncError =>
	says(customer, {
		code: 'CURRENCY_UNKNOWN',
		message: `CRM has no currency ${code || 'of the company'}, which its figures are in.`,
		hint: 'Synchronize the table mapping CURRENCY, or create the currency in CRM; the next run goes on.',
	});

export const keptChanging = (customer: CustomerName): SyncError =>
	says(customer, {
		code: 'CHANGED_MEANWHILE',
		errorClass: 'transient',
		message: 'its account was changed in CRM again and again while its figures were written.',
		hint: 'Nothing needs to be done: the next run tries it again.',
	});

/** In the words of the service that refused. */
export const refused = (customer: CustomerName, error: SyncError): SyncError =>
	error.with({ message: `Customer ${titled(customer)}: ${error.message}`, recordId: customer.id });

/** There is nowhere to write figures to. */
export const targetMissing = (): SyncError =>
	new SyncError({
		code: 'STATISTICS_TARGET_MISSING',
		errorClass: 'setup',
		system: 'crm',
		table: STATISTICS_ROWS.name,
		field: LINK,
		message: `CRM has no table "${STATISTICS_ROWS.name}" with a column "${LINK}" of the account that names its rows, so figures of customers have no place there.`,
		hint: "Install Microsoft's solution Business Central Integration for Dynamics 365 Sales in CRM, or let the user of the CRM credential read the table.",
	});
