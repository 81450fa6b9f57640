import type { Row } from '../../data/row';
import { dialog } from '../../errors';
import type { Session } from '../../write/session';
import { withoutBlanks } from '../../write/writer';
import { linesOf } from '../totals';

/** The status of an order stands in its buffer row, in the words of API v2.0; of other documents in the document alone. */
const isOrder = ({ fields }: Row): boolean => fields['Document Type'] === 'Order';
const isReleased = (row: Row): boolean => (isOrder(row) ? row.fields['Status'] === 'Open' : row.fields['Document Status'] === 'Released');

function set({ company, user }: Session, row: Row, released: boolean): void {
	const status: Record<string, string> = isOrder(row)
		? { Status: released ? 'Open' : 'Draft' }
		: { 'Document Status': released ? 'Released' : '' };
	company.modify('Sales Header', row, withoutBlanks({ ...row.fields, ...status }), user);
}

/** Codeunit Release Sales Document, PerformManualRelease: a document without lines, or one waiting for approval, is not released. */
export function release(session: Session, row: Row): void {
	if (isReleased(row)) return;
	if (row.fields['Status'] === 'In Review') throw dialog('This document can only be released when the approval process is complete.');
	if (!linesOf(session.company, row).some(({ fields }) => fields['API Type'] !== 'Comment' && Number(fields['Quantity'] ?? 0) !== 0)) {
		const { 'Document Type': type, 'No.': number } = row.fields;
		throw dialog(`There is nothing to release for the document of type ${String(type)} with the number ${String(number)}.`);
	}
	set(session, row, true);
}

/** The same codeunit, PerformManualReopen. */
export function reopen(session: Session, row: Row): void {
	if (row.fields['Status'] === 'In Review') throw dialog('The approval process must be cancelled or completed to reopen this document.');
	if (isReleased(row)) set(session, row, false);
}
