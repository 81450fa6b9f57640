import type { Row } from '../../data/row';
import { stampText } from '../../data/stamp';
import type { Session } from '../../write/session';
import { withoutBlanks } from '../../write/writer';
import { linesOf } from '../totals';

export type ArchiveReason = 'deleted' | 'posted' | 'converted';

/** Whether Sales & Receivables Setup asks for it: Archive Orders for orders, Archive Quotes = Always for quotes. */
function wanted({ company }: Session, row: Row): boolean {
	const setup = [...company.table('Sales & Receivables Setup').rows()][0];
	if (row.fields['Document Type'] === 'Order') return setup?.fields['Archive Orders'] === true;
	return row.fields['Document Type'] === 'Quote' && setup?.fields['Archive Quotes'] === 'Always';
}

/** Archives come into being only through BC itself: when an order or quote is deleted, posted or converted. */
export function archive(session: Session, row: Row, reason: ArchiveReason): void {
	if (!wanted(session, row)) return;
	const { company, user } = session;
	const number = row.fields['No.'] ?? '';
	const earlier = company.table('Sales Header Archive').withField('No.', number).length;
	const more = { 'Version No.': earlier + 1, 'Date Archived': stampText(company.now()).slice(0, 10), 'Archived By': user, Reason: reason };
	const kept = company.insert('Sales Header Archive', withoutBlanks({ ...row.fields, ...more, 'Source Doc. Id': row.id }), user);
	for (const line of linesOf(company, row)) company.insert('Sales Line Archive', { ...line.fields, 'Document Id': kept.id }, user);
}
