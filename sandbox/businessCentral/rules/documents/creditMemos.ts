import type { Row } from '../../data/row';
import { dialog } from '../../errors';
import type { Session } from '../../write/session';
import { withoutBlanks } from '../../write/writer';
import { linesOf } from '../totals';
import { creditInvoice, postEntry, settle } from './ledger';
import { newNumber } from './numbers';

const amountOf = (row: Row): number => Number(row.fields['Amount Including VAT'] ?? 0);

function copyOf(session: Session, invoice: Row, type: string, status: string): Row {
	const { company, user } = session;
	const number = newNumber(session, type);
	const { 'Order Id': _id, 'Order No.': _no, 'Draft No.': _draft, 'Due Date': _due, ...header } = invoice.fields;
	const from = { 'Applies-to Doc. No.': invoice.fields['No.'] ?? '', 'Applies-to Invoice Id': invoice.id };
	const own = { 'Document Type': type, 'No.': number, Status: status };
	const memo = company.insert('Sales Header', withoutBlanks({ ...header, ...from, ...own }), user);
	for (const line of linesOf(company, invoice)) {
		company.insert('Sales Line', { ...line.fields, 'Document Type': type, 'Document No.': number, 'Document Id': memo.id }, user);
	}
	return memo;
}

/** A draft credit memo with the lines of a posted invoice nobody has paid or credited yet (page APIV2 - Sales Invoices, MakeCorrectiveCreditMemo). */
export function makeCorrectiveCreditMemo(session: Session, row: Row): void {
	if (row.fields['Document Type'] !== 'Posted Invoice') throw dialog('The action can be applied to a posted invoice only.');
	const left = Number(row.flow['Remaining Amount'] ?? 0);
	if (left !== amountOf(row)) {
		throw left === 0
			? dialog('The invoice is closed. The corrective credit memo will not be applied to the invoice.')
			: dialog('The invoice is partially paid or credited. The corrective credit memo may not be fully closed by the invoice.');
	}
	copyOf(session, row, 'Credit Memo', 'Draft');
}

/** Cancels a posted invoice: a credit memo over all of it is posted and applied, both are closed (codeunit Correct Posted Sales Invoice). */
export function cancelInvoice(session: Session, row: Row): void {
	const { company, user } = session;
	if (row.fields['Document Type'] !== 'Posted Invoice') throw dialog('The action can be applied to a posted invoice only.');
	if (row.fields['Status'] === 'Canceled') throw dialog('The invoice cannot be canceled because it has already been canceled.');
	if (Number(row.flow['Remaining Amount'] ?? 0) !== amountOf(row)) {
		const text = 'You cannot cancel this posted sales invoice because it is fully or partially paid.';
		throw dialog(text);
	}
	const memo = copyOf(session, row, 'Posted Credit Memo', 'Corrective');
	const own = postEntry(session, 'Credit Memo', memo, -amountOf(memo), -Number(memo.fields['Amount'] ?? 0));
	const current = company.table('Sales Header').get(row.id)!;
	company.modify('Sales Header', current, { ...current.fields, Status: 'Canceled' }, user);
	creditInvoice(session, row, memo, amountOf(memo));
	if (Number(company.table('Cust. Ledger Entry').get(own.id)?.flow['Remaining Amount'] ?? 0) !== 0)
		settle(session, own, -amountOf(memo), memo.fields['No.'] ?? '');
}

/** A draft credit memo is posted: new number, same id; what it applies to is open by so much less. */
export function postCreditMemo(session: Session, row: Row): void {
	const { company, user } = session;
	if (row.fields['Document Type'] !== 'Credit Memo') throw dialog('The action can be applied to a draft credit memo only.');
	const lines = linesOf(company, row);
	if (lines.length === 0) throw dialog('Please add at least one line item to the credit memo.');
	const number = newNumber(session, 'Posted Credit Memo');
	const posted = company.modify(
		'Sales Header',
		row,
		{ ...row.fields, 'Document Type': 'Posted Credit Memo', 'No.': number, Status: 'Open' },
		user,
	);
	for (const line of lines)
		company.modify('Sales Line', line, { ...line.fields, 'Document Type': 'Posted Credit Memo', 'Document No.': number }, user);
	postEntry(session, 'Credit Memo', posted, -amountOf(posted), -Number(posted.fields['Amount'] ?? 0));
	const invoice = company.table('Sales Header').get(String(posted.fields['Applies-to Invoice Id'] ?? ''));
	if (!invoice) return;
	creditInvoice(session, invoice, posted, amountOf(posted));
	const memo = company.table('Sales Header').get(posted.id)!;
	company.modify('Sales Header', memo, { ...memo.fields, Status: 'Paid' }, user);
}
