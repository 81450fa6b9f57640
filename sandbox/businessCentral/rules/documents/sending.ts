import type { Row } from '../../data/row';
import { dialog } from '../../errors';
import type { Session } from '../../write/session';
import { linesOf } from '../totals';
import { checkLines } from './posting';

const kinds: Readonly<Record<string, string>> = { Quote: 'Quote', Invoice: 'invoice', 'Posted Invoice': 'invoice' };

/** E-mails a document to the customer's address; nothing else of it changes, but a quote is now Sent. What went out stands in `settings.outbox`. */
export function sendDocument(session: Session, row: Row): void {
	const { company, user } = session;
	const type = String(row.fields['Document Type']);
	if (type === 'Invoice') checkLines(session, row);
	if (type === 'Quote' && linesOf(company, row).length === 0) throw dialog('Please add at least one line item to the document.');
	if (!company.settings.mailSetup) throw dialog('Mail not set up.');
	const customer = company.table('Customer').getByKey(row.fields['Sell-to Customer No.'] ?? '');
	const to = String(customer?.fields['E-Mail'] ?? '');
	if (to === '') {
		const kind = kinds[type] ?? 'credit memo';
		throw dialog(`The send-to email is empty. Specify email either for the customer or for the ${kind} in email preview.`);
	}
	company.settings.outbox.push({ document: String(row.fields['No.'] ?? ''), to, canceled: row.fields['Status'] === 'Canceled' });
	if (type !== 'Quote') return;
	const current = company.table('Sales Header').get(row.id) ?? row;
	const sent = { Status: 'Sent', 'Quote Sent to Customer': new Date(company.now()).toISOString() };
	company.modify('Sales Header', current, { ...current.fields, ...sent }, user);
}
