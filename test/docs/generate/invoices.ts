import { type InvoiceField, KEPT_FIELDS, LINE_FIELDS, ONCE_FIELDS } from '../../../engine/documents/invoices/fields';
import {
	CONTENT_TRANSITIONS,
	type ContentAction,
	PAYMENT_NAMES,
	PAYMENT_TRANSITIONS,
	type PaymentAction,
} from '../../../engine/documents/invoices/states';
import { code, table } from './markdown';
import type { Sections } from './sections';

const CONTENT: Readonly<Record<ContentAction, string>> = {
	refuse: 'refused (`INVOICE_NOT_POSTED`)',
	create: '**created**',
	complete: 'completed',
	update: 'what changed is written',
	keep: 'stays; only its payment is told',
};
const IN_CRM: Readonly<Record<keyof typeof CONTENT_TRANSITIONS, string>> = {
	none: 'no invoice',
	unfinished: 'Active / New, of ours',
	active: 'Active',
	closed: 'Paid, Canceled',
};
const PAYMENT: Readonly<Record<PaymentAction, string>> = { nothing: 'nothing', set: 'set', throughActive: 'through Active / Billed' };
const NOW: Readonly<Record<keyof typeof PAYMENT_TRANSITIONS, string>> = {
	...PAYMENT_NAMES,
	other: 'Active, another status',
	closed: 'another state',
};

/** What crosses with an invoice, and what becomes of it by the states of both sides. */
export const invoiceSections = (): Sections => ({
	'invoice-once': fields(ONCE_FIELDS),
	'invoice-kept': fields(KEPT_FIELDS),
	'invoice-lines': fields(LINE_FIELDS),
	'invoice-states': table(
		['CRM \\ Business Central', 'draft, in review', 'posted'],
		Object.entries(CONTENT_TRANSITIONS).map(([crm, row]) => [
			IN_CRM[crm as keyof typeof IN_CRM],
			CONTENT[row.unposted],
			CONTENT[row.posted],
		]),
	),
	'invoice-payments': table(
		['CRM says \\ is to say', ...Object.values(PAYMENT_NAMES)],
		Object.entries(PAYMENT_TRANSITIONS).map(([crm, row]) => [
			NOW[crm as keyof typeof NOW],
			...Object.keys(PAYMENT_NAMES).map((target) => PAYMENT[row[target as keyof typeof row]]),
		]),
	),
});

const fields = (rows: readonly InvoiceField[]): string =>
	table(
		['CRM', 'Business Central', 'Rule'],
		rows.map(({ crm, businessCentral, rule }) => [code(crm), named(businessCentral), rule]),
	);

/** Names of properties are set as such; words are not. */
const named = (text: string): string =>
	text.replace(/\b[a-z]+[A-Z]\w*\b|\b(?:number|salesperson|sequence|description|quantity)\b/g, (word) => code(word));
