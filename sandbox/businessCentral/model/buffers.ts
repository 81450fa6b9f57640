import type { Fields } from '../data/row';
import { relationById } from './relations';
import { apiViews } from './schema';

/** Entity set whose buffer table holds documents of a type. */
const sets: Readonly<Record<string, string>> = {
	Quote: 'salesQuotes',
	Order: 'salesOrders',
	Invoice: 'salesInvoices',
	'Posted Invoice': 'salesInvoices',
	'Credit Memo': 'salesCreditMemos',
	'Posted Credit Memo': 'salesCreditMemos',
};

const held = new Map<string, ReadonlySet<string>>();

/** Fields in the buffer row of a document: those the entity set shows, and what its page variables are computed from. */
function heldBy(type: string): ReadonlySet<string> {
	let fields = held.get(type);
	if (!fields) {
		const view = apiViews.get(sets[type] ?? '');
		const own = (view?.properties ?? []).map(({ field }) => relationById('Sales Header', field)?.field ?? field);
		held.set(type, (fields = new Set([...own, 'Document Type', 'Shipping Advice', 'Currency Code'])));
	}
	return fields;
}

/**
 * Sales documents of API v2.0 are buffer rows with stamps of their own. A change of what the buffer does not hold (Your Reference of an order, work
 * description, shipping agent, payment discount, tracking number) does not move them.
 */
export function shownByApi(table: string, before: Fields, after: Fields): boolean {
	if (table !== 'Sales Header') return true;
	const fields = heldBy(String(after['Document Type'] ?? ''));
	for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
		if ((before[name] ?? '') !== (after[name] ?? '') && fields.has(name)) return true;
	}
	return false;
}
