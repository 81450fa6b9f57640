import type { Fields, Row } from '../../data/row';
import { dialog } from '../../errors';
import type { Session } from '../../write/session';
import { withoutBlanks } from '../../write/writer';
import { nextEntry, today } from './numbers';

/** An entry of the item ledger, and what it does to the inventory. */
function enter(session: Session, itemNumber: string, quantity: number, more: Fields): void {
	const { company, user } = session;
	const item = company.table('Item').getByKey(itemNumber);
	const fields = { 'Entry No.': nextEntry(session, 'Item Ledger Entry'), 'Item No.': itemNumber, 'Posting Date': today(session), ...more, Quantity: quantity }; // prettier-ignore
	company.insert('Item Ledger Entry', withoutBlanks(fields), user);
	if (item) company.setFlow('Item', item, { Inventory: Number(item.flow['Inventory'] ?? 0) + quantity });
}

/** Goods that leave with a line of a shipment or invoice. */
export function itemLeaves(session: Session, line: Row, quantity: number, document: Row, type: string): void {
	if (line.fields['API Type'] !== 'Item' || quantity === 0) return;
	enter(session, String(line.fields['No.'] ?? ''), -quantity, {
		'Entry Type': 'Sale',
		'Source No.': document.fields['Sell-to Customer No.'] ?? '',
		'Source Type': 'Customer',
		'Document No.': document.fields['No.'] ?? '',
		'Document Type': type,
		Description: line.fields['Description'] ?? '',
		'Location Code': line.fields['Location Code'] ?? '',
		'Variant Code': line.fields['Variant Code'] ?? '',
	});
}

/** A positive or negative adjustment at a location. Throws BcError for an unknown item. */
export function adjustInventory(session: Session, itemNumber: string, quantity: number, location: string): void {
	if (!session.company.table('Item').getByKey(itemNumber)) throw dialog('Item does not exist.');
	const type = quantity < 0 ? 'Negative Adjmt.' : 'Positive Adjmt.';
	enter(session, itemNumber, quantity, { 'Entry Type': type, 'Location Code': location });
}
