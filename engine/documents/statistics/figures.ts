import { createHash } from 'node:crypto';
import type { SystemRecord } from '../../model/record';
import type { FieldValue } from '../../model/record';

/** What one request tells of all customers, in local currency. Null: no place shows it, so that nothing is written of it. */
export interface Figures {
	/** SystemId of the customer. */
	id: string;
	number: string;
	/** Null where it is read with the rest. */
	name: string | null;
	creditLimit: number | null;
	balance: number;
	outstandingOrders: number | null;
	shippedNotInvoiced: number | null;
	outstandingInvoices: number | null;
}

export const PAGE_FIELDS = [
	'id',
	'number',
	'name',
	'creditLimitLcy',
	'balanceLcy',
	'outstandingOrdersLcy',
	'shippedNotInvoicedLcy',
	'outstandingInvoicesLcy',
] as const;
export const DETAIL_FIELDS = ['number', 'balance', 'overdueAmount'] as const;

const amount = (value: FieldValue | undefined): number => Number(value ?? 0);

export const ofPage = ({ values }: SystemRecord): Figures => ({
	id: String(values['id'] ?? '').toLowerCase(),
	number: String(values['number'] ?? ''),
	name: String(values['name'] ?? ''),
	creditLimit: amount(values['creditLimitLcy']),
	balance: amount(values['balanceLcy']),
	outstandingOrders: amount(values['outstandingOrdersLcy']),
	shippedNotInvoiced: amount(values['shippedNotInvoicedLcy']),
	outstandingInvoices: amount(values['outstandingInvoicesLcy']),
});

export const ofDetails = ({ id, values }: SystemRecord): Figures => ({
	id,
	number: String(values['number'] ?? ''),
	name: null,
	creditLimit: null,
	balance: amount(values['balance']),
	outstandingOrders: null,
	shippedNotInvoiced: null,
	outstandingInvoices: null,
});

/**
 * Fingerprint of what was seen of a customer, and of the year its sales are added up for: another one is a reason to look at the customer as a whole. The
 * overdue amount is kept beside it, because it changes with the day.
 */
export const seen = (figures: Figures, yearStart: string | null): string =>
	createHash('sha256')
		.update(JSON.stringify([figures, yearStart]))
		.digest('hex')
		.slice(0, 32);

export const contentOf = (fingerprint: string, overdue: number): string => `${fingerprint} ${overdue}`;

/** What was kept of a customer the last time. */
export function readContent(content: string): { fingerprint: string; overdue: number } {
	const [fingerprint = '', overdue = ''] = content.split(' ');
	return { fingerprint, overdue: Number(overdue) || 0 };
}
