import type { Row, Value } from '../data/row';
import { dialog } from '../errors';
import { Draft, type Session } from '../write/session';
import { withoutBlanks } from '../write/writer';
import { assignNumber } from './numberSeries';
import { cents, linesOf } from './totals';

function newNumber(session: Session, type: string): string {
	const draft = new Draft(session, 'Sales Header', undefined, null);
	draft.set('Document Type', type);
	assignNumber(draft, type);
	return draft.text('No.');
}

/** Posting moves what the customer owes: FlowFields, so no stamp moves. */
function owe(session: Session, invoice: Row, factor: 1 | -1): void {
	const { company } = session;
	const customer = company.table('Customer').getByKey(invoice.fields['Bill-to Customer No.'] ?? '');
	if (!customer) return;
	const total = Number(invoice.fields['Amount Including VAT'] ?? 0) * factor;
	const net = Number(invoice.fields['Amount'] ?? 0) * factor;
	const add = (field: string, amount: number) => cents(Number(customer.flow[field] ?? 0) + amount);
	company.setFlow('Customer', customer, {
		'Balance (LCY)': add('Balance (LCY)', total),
		'Balance Due': add('Balance Due', total),
		'Sales (LCY)': add('Sales (LCY)', net),
	});
}

/** A draft becomes a posted invoice: new number, same id. */
export function postInvoice(session: Session, row: Row): void {
	const { company, user } = session;
	if (row.fields['Document Type'] !== 'Invoice') throw dialog('The document is not an unposted invoice.');
	const lines = linesOf(company, row);
	if (lines.length === 0) throw dialog('There is nothing to post.');
	const number = newNumber(session, 'Posted Invoice');
	const posted = company.modify(
		'Sales Header',
		row,
		{ ...row.fields, 'Document Type': 'Posted Invoice', 'No.': number, Status: 'Open' },
		user,
	);
	company.setFlow('Sales Header', posted, { 'Remaining Amount': Number(posted.fields['Amount Including VAT'] ?? 0) });
	for (const line of lines)
		company.modify('Sales Line', line, { ...line.fields, 'Document Type': 'Posted Invoice', 'Document No.': number }, user);
	owe(session, posted, 1);
}

export function cancelInvoice(session: Session, row: Row): void {
	const { company, user } = session;
	if (row.fields['Document Type'] !== 'Posted Invoice') throw dialog('Only a posted invoice can be canceled.');
	if (row.fields['Status'] === 'Canceled') throw dialog('The invoice is already canceled.');
	owe(session, row, -1);
	const canceled = company.modify('Sales Header', row, { ...row.fields, Status: 'Canceled' }, user);
	company.setFlow('Sales Header', canceled, { 'Remaining Amount': 0 });
}

/** Copies header and lines into a new document of another type. */
function copyDocument(session: Session, row: Row, type: string, more: Readonly<Record<string, Value>>): Row {
	const { company, user } = session;
	const number = newNumber(session, type);
	const fields = withoutBlanks({ ...row.fields, 'Document Type': type, 'No.': number, ...more });
	const copy = company.insert('Sales Header', fields, user);
	for (const line of linesOf(company, row)) {
		company.insert('Sales Line', { ...line.fields, 'Document Type': type, 'Document No.': number, 'Document Id': copy.id }, user);
	}
	return copy;
}

function removeDocument(session: Session, row: Row): void {
	const { company, user } = session;
	for (const line of linesOf(company, row)) company.remove('Sales Line', line, user);
	company.remove('Sales Header', row, user);
}

/** Everything is shipped and invoiced: the order goes, a posted invoice stands in its place. */
export function shipAndInvoice(session: Session, row: Row): void {
	if (linesOf(session.company, row).length === 0) throw dialog('There is nothing to post.');
	const order = { 'Order Id': row.id, 'Order No.': row.fields['No.'] ?? '', Status: 'Open' };
	const posted = copyDocument(session, row, 'Posted Invoice', order);
	session.company.setFlow('Sales Header', posted, { 'Remaining Amount': Number(posted.fields['Amount Including VAT'] ?? 0) });
	owe(session, posted, 1);
	removeDocument(session, row);
}

export function sendQuote(session: Session, row: Row): void {
	const sent = { 'Quote Sent to Customer': new Date(session.company.now()).toISOString() };
	session.company.modify('Sales Header', row, { ...row.fields, Status: 'Sent', ...sent }, session.user);
}

/** makeOrder and makeInvoice turn the quote into another document and delete it. */
export function convertQuote(session: Session, row: Row, type: 'Order' | 'Invoice'): void {
	copyDocument(session, row, type, { Status: 'Draft' });
	removeDocument(session, row);
}
