import type { Row, Value } from '../../data/row';
import { dialog } from '../../errors';
import type { Session } from '../../write/session';
import { withoutBlanks } from '../../write/writer';
import { linesOf } from '../totals';
import { archive } from './archives';
import { newNumber } from './numbers';
import { removeDocument } from './posting';

/** makeOrder and makeInvoice turn the quote into another document, which names the quote, and delete it. */
export function convertQuote(session: Session, row: Row, type: 'Order' | 'Invoice'): void {
	const { company, user } = session;
	const opportunity = company.table('Opportunity').getByKey(row.fields['Opportunity No.'] ?? '');
	if (opportunity && opportunity.fields['Closed'] !== true) {
		throw dialog(`The opportunity ${String(opportunity.fields['No.'])} of this quote is still open; close it before you make an order.`);
	}
	const number = newNumber(session, type);
	const { 'Quote Sent to Customer': _sent, 'Quote Valid Until Date': _valid, 'Quote Accepted Date': _accepted, ...header } = row.fields;
	const own = { 'Document Type': type, 'No.': number, 'Quote No.': row.fields['No.'] ?? '', Status: 'Draft' };
	const copy = company.insert('Sales Header', withoutBlanks({ ...header, ...own }), user);
	for (const line of linesOf(company, row)) {
		const quantity = line.fields['Quantity'] ?? 0;
		const open: Record<string, Value> = type === 'Order' ? { 'Qty. to Ship': quantity, 'Qty. to Invoice': quantity } : {};
		company.insert(
			'Sales Line',
			withoutBlanks({ ...line.fields, ...open, 'Document Type': type, 'Document No.': number, 'Document Id': copy.id }),
			user,
		);
	}
	archive(session, row);
	removeDocument(session, row);
}
