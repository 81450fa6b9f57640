import type { Row, Value } from '../../data/row';
import { dialog } from '../../errors';
import type { Session } from '../../write/session';
import { withoutBlanks } from '../../write/writer';
import { requireSetup } from '../numberSeries';
import { cents } from '../totals';
import { newNumber, nextEntry, today } from './numbers';

type DocumentType = 'Invoice' | 'Credit Memo' | 'Payment';

const numberOf = (row: Row, field: string): number => Number(row.fields[field] ?? 0);

/** What the customer owes: FlowFields, so no stamp moves. */
function owe({ company }: Session, customerNumber: Value, amount: number, sales: number): void {
	const customer = company.table('Customer').getByKey(customerNumber);
	if (!customer) return;
	const add = (field: string, change: number) => cents(Number(customer.flow[field] ?? 0) + change);
	company.setFlow('Customer', customer, {
		'Balance (LCY)': add('Balance (LCY)', amount),
		'Balance Due': add('Balance Due', amount),
		'Sales (LCY)': add('Sales (LCY)', sales),
	});
}

function detail(session: Session, entry: Row, type: 'Initial Entry' | 'Application', amount: number, document: Value, more = {}): Row {
	const fields = {
		'Entry No.': nextEntry(session, 'Detailed Cust. Ledg. Entry'),
		'Cust. Ledger Entry No.': entry.fields['Entry No.'] ?? 0,
		'Posting Date': today(session),
		'Entry Type': type,
		'Document Type': entry.fields['Document Type'] ?? '',
		'Document No.': document,
		'Customer No.': entry.fields['Customer No.'] ?? '',
		Amount: amount,
		...more,
	};
	return session.company.insert('Detailed Cust. Ledg. Entry', withoutBlanks(fields), session.user);
}

/** Posts what a document of this customer comes to: customer ledger, its details, general ledger, balance. Amount: positive for an invoice. */
export function postEntry(session: Session, type: DocumentType, document: Row, amount: number, net: number): Row {
	const { company, user } = session;
	requireSetup(company, 'General Ledger Setup');
	const number = document.fields['No.'] ?? '';
	const customer = document.fields['Bill-to Customer No.'] ?? '';
	const entry = company.insert(
		'Cust. Ledger Entry',
		withoutBlanks({
			'Entry No.': nextEntry(session, 'Cust. Ledger Entry'),
			'Posting Date': today(session),
			'Document Type': type,
			'Document No.': number,
			'Customer No.': customer,
			'Currency Code': document.fields['Currency Code'] ?? '',
			Description: `${type} ${String(number)}`,
			Amount: amount,
			'Sales (LCY)': type === 'Payment' ? 0 : net,
			'Due Date': document.fields['Due Date'] ?? '',
			Open: true,
		}),
		user,
		company.newId(),
		{ 'Remaining Amount': amount },
	);
	detail(session, entry, 'Initial Entry', amount, number);
	owe(session, customer, amount, net);
	const accounts = company.settings.postingAccounts;
	const lines: Array<[string, number]> =
		type === 'Payment'
			? [
					[accounts.bank, -amount],
					[accounts.receivables, amount],
				]
			: [
					[accounts.receivables, amount],
					[accounts.sales, -net],
					[accounts.vat, cents(net - amount)],
				];
	for (const [account, booked] of lines) if (booked !== 0) general(session, type, number, account, booked);
	return entry;
}

function general(session: Session, type: DocumentType, number: Value, account: string, amount: number): void {
	const { company, user } = session;
	const fields = {
		'Entry No.': nextEntry(session, 'G/L Entry'),
		'Posting Date': today(session),
		'Document Type': type,
		'Document No.': number,
		'G/L Account No.': account,
		Description: `${type} ${String(number)}`,
		'Debit Amount': amount > 0 ? amount : 0,
		'Credit Amount': amount < 0 ? -amount : 0,
	};
	company.insert('G/L Entry', withoutBlanks(fields), user);
	const row = company.table('G/L Account').getByKey(account);
	if (row) company.setFlow('G/L Account', row, { 'Net Change': cents(Number(row.flow['Net Change'] ?? 0) + amount) });
}

export function entryOf({ company }: Session, type: DocumentType, number: Value): Row | undefined {
	return company
		.table('Cust. Ledger Entry')
		.withField('Document No.', number)
		.find(({ fields }) => fields['Document Type'] === type);
}

/** Takes `amount` off what is open of an entry; it is closed when nothing is left. Gives what is left. */
export function settle(session: Session, entry: Row, amount: number, document: Value): number {
	const { company, user } = session;
	const current = company.table('Cust. Ledger Entry').get(entry.id)!;
	const left = cents(Number(current.flow['Remaining Amount'] ?? 0) - amount);
	company.setFlow('Cust. Ledger Entry', current, { 'Remaining Amount': left });
	const open = company.table('Cust. Ledger Entry').get(entry.id)!;
	const fields = { ...open.fields, Open: left !== 0, 'Closed at Date': left === 0 ? today(session) : '' };
	company.modify('Cust. Ledger Entry', open, withoutBlanks(fields), user);
	detail(session, entry, 'Application', -amount, document);
	return left;
}

/** A posted invoice follows its ledger entry. `remainingAmount` moves no stamp; the status does, and it changes only at nothing left. */
function invoiceFollows(session: Session, invoice: Row, left: number): void {
	const { company, user } = session;
	company.setFlow('Sales Header', company.table('Sales Header').get(invoice.id)!, { 'Remaining Amount': left });
	const row = company.table('Sales Header').get(invoice.id)!;
	if (row.fields['Status'] === 'Canceled') return;
	company.modify('Sales Header', row, { ...row.fields, Status: left === 0 ? 'Paid' : 'Open' }, user);
}

/** A payment of the customer, applied to a posted invoice; without an amount all that is open. Gives the payment's document number. */
export function payInvoice(session: Session, invoice: Row, amount?: number): string {
	if (invoice.fields['Document Type'] !== 'Posted Invoice') throw dialog('The action can be applied to a posted invoice only.');
	const entry = entryOf(session, 'Invoice', invoice.fields['No.'] ?? '');
	if (!entry) throw dialog(`There is no customer ledger entry of invoice ${String(invoice.fields['No.'])}.`);
	const open = Number(entry.flow['Remaining Amount'] ?? 0);
	const paid = cents(amount ?? open);
	if (paid <= 0 || paid > open) throw dialog(`The payment of ${paid} cannot be applied; ${open} is open.`);
	const number = newNumber(session, 'Payment', 'Gen. Journal Line');
	const document: Row = { ...invoice, fields: { ...invoice.fields, 'No.': number } };
	const payment = postEntry(session, 'Payment', document, -paid, 0);
	settle(session, payment, -paid, number);
	invoiceFollows(session, invoice, settle(session, entry, paid, number));
	return number;
}

/** Takes the newest application of a payment back: the invoice is open again by that amount. */
export function unapplyInvoice(session: Session, invoice: Row): void {
	const { company, user } = session;
	const entry = entryOf(session, 'Invoice', invoice.fields['No.'] ?? '');
	const applied = company
		.table('Detailed Cust. Ledg. Entry')
		.withField('Cust. Ledger Entry No.', entry?.fields['Entry No.'] ?? -1)
		.filter(({ fields }) => fields['Entry Type'] === 'Application' && fields['Unapplied'] !== true)
		.sort((a, b) => numberOf(b, 'Entry No.') - numberOf(a, 'Entry No.'))[0];
	if (!entry || !applied) throw dialog('There is no application to take back.');
	const amount = numberOf(applied, 'Amount');
	const reversal = detail(session, entry, 'Application', -amount, applied.fields['Document No.'] ?? '', { Unapplied: true });
	const marked = { ...applied.fields, Unapplied: true, 'Unapplied by Entry No.': reversal.fields['Entry No.'] ?? 0 };
	company.modify('Detailed Cust. Ledg. Entry', applied, marked, user);
	const left = cents(Number(entry.flow['Remaining Amount'] ?? 0) - amount);
	company.setFlow('Cust. Ledger Entry', entry, { 'Remaining Amount': left });
	const open = company.table('Cust. Ledger Entry').get(entry.id)!;
	company.modify('Cust. Ledger Entry', open, withoutBlanks({ ...open.fields, Open: true, 'Closed at Date': '' }), user);
	invoiceFollows(session, invoice, left);
}

/** A posted credit memo of an invoice takes its amount off what is open of it. */
export function creditInvoice(session: Session, invoice: Row, memo: Row, amount: number): void {
	const entry = entryOf(session, 'Invoice', invoice.fields['No.'] ?? '');
	const own = entryOf(session, 'Credit Memo', memo.fields['No.'] ?? '');
	const applied = Math.min(amount, Number(entry?.flow['Remaining Amount'] ?? 0));
	if (!entry || !own || applied <= 0) return;
	settle(session, own, -applied, memo.fields['No.'] ?? '');
	invoiceFollows(session, invoice, settle(session, entry, applied, memo.fields['No.'] ?? ''));
}
