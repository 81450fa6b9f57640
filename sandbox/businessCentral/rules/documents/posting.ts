import type { Row, Value } from '../../data/row';
import { dialog } from '../../errors';
import type { Session } from '../../write/session';
import { withoutBlanks } from '../../write/writer';
import { cents, linesOf } from '../totals';
import { archive } from './archives';
import { itemLeaves } from './inventory';
import { postEntry } from './ledger';
import { newNumber, today } from './numbers';

const numberOf = (row: Row, field: string): number => Number(row.fields[field] ?? 0);
const nothing = () => dialog('There is nothing to post because the document does not contain a quantity or amount.');
const counts = (line: Row) => line.fields['API Type'] !== 'Comment';

/** What codeunit APIV2 - Send Sales Document and Lines Instruction Mgt. look at first. */
export function checkLines(session: Session, row: Row): Row[] {
	const lines = linesOf(session.company, row);
	if (lines.length === 0)
		throw dialog(`Please add at least one line item to the ${row.fields['Document Type'] === 'Invoice' ? 'invoice' : 'estimate'}.`);
	if (lines.some((line) => counts(line) && numberOf(line, 'Quantity') === 0)) {
		throw dialog('One or more document lines with a value in the No. field do not have a quantity specified.');
	}
	return lines;
}

/** A draft becomes a posted invoice: new number, same id. */
export function postInvoice(session: Session, row: Row): void {
	const { company, user } = session;
	if (row.fields['Document Type'] !== 'Invoice') throw dialog('The action can be applied to a draft invoice only.');
	const lines = checkLines(session, row);
	const number = newNumber(session, 'Posted Invoice');
	const draft = { 'Draft No.': row.fields['No.'] ?? '', 'Invoice SystemId': company.newId() };
	const fields = { ...row.fields, 'Document Type': 'Posted Invoice', 'No.': number, ...draft, Status: 'Open' };
	const posted = company.modify('Sales Header', row, fields, user);
	for (const line of lines)
		company.modify('Sales Line', line, { ...line.fields, 'Document Type': 'Posted Invoice', 'Document No.': number }, user);
	booked(session, posted);
	for (const line of lines) itemLeaves(session, line, numberOf(line, 'Quantity'), posted, 'Sales Invoice');
}

function booked(session: Session, invoice: Row): void {
	const total = numberOf(invoice, 'Amount Including VAT');
	session.company.setFlow('Sales Header', invoice, { 'Remaining Amount': total });
	postEntry(session, 'Invoice', invoice, total, numberOf(invoice, 'Amount'));
}

/** How much of each line is shipped or invoiced now, by line id. */
export type Quantities = ReadonlyMap<string, number>;

const setInOrder = (lines: readonly Row[], field: string): Quantities => new Map(lines.map((line) => [line.id, numberOf(line, field)]));

/** Ships a part of an order: a posted shipment with the lines that leave. The order's buffer row moves only when the order is now shipped completely. */
export function ship(session: Session, order: Row, quantities: Quantities): Row | null {
	const { company, user } = session;
	const lines = linesOf(company, order).filter((line) => (quantities.get(line.id) ?? 0) > 0 || !counts(line));
	if (!lines.some(counts)) return null;
	const number = newNumber(session, 'Posted Shipment', 'Sales Shipment Header');
	const { Status: _status, 'Document Type': _type, ...header } = order.fields;
	const fields = { ...header, 'No.': number, 'Order No.': order.fields['No.'] ?? '', 'Posting Date': today(session) };
	const shipment = company.insert('Sales Shipment Header', withoutBlanks(fields), user);
	for (const line of lines) {
		const quantity = quantities.get(line.id) ?? 0;
		const type = { Item: 'Item', Resource: 'Resource', Account: 'G/L Account' }[String(line.fields['API Type'])] ?? ' ';
		const copy = { ...line.fields, Type: type, Quantity: quantity, 'Document Id': shipment.id, 'Document No.': number };
		company.insert('Sales Shipment Line', withoutBlanks(copy), user);
		if (!counts(line)) continue;
		const shipped = numberOf(line, 'Quantity Shipped') + quantity;
		const after = { ...line.fields, 'Quantity Shipped': shipped, 'Qty. to Ship': numberOf(line, 'Quantity') - shipped };
		company.modify('Sales Line', line, withoutBlanks(after), user);
		itemLeaves(session, line, quantity, shipment, 'Sales Shipment');
	}
	const complete = linesOf(company, order).every(
		(line) => !counts(line) || numberOf(line, 'Quantity Shipped') >= numberOf(line, 'Quantity'),
	);
	const current = company.table('Sales Header').get(order.id)!;
	company.modify('Sales Header', current, withoutBlanks({ ...current.fields, 'Completely Shipped': complete }), user);
	return shipment;
}

const amounts = ['Line Amount', 'Line Amount Excluding Tax', 'Line Tax Amount', 'Line Amount Including Tax', 'Line Discount Amount'];
const nets = ['Inv. Discount Amount Excl. VAT', 'Amount', 'Tax Amount', 'Amount Including VAT'];

/** Invoices a part of one order, or of several together; several leave the invoice without an order number. Orders that are done are deleted. */
export function invoice(session: Session, orders: readonly Row[], quantities: Quantities): Row | null {
	const { company, user } = session;
	const [first] = orders;
	const chosen = orders.flatMap((order) => linesOf(company, order)).filter((line) => (quantities.get(line.id) ?? 0) > 0);
	if (!first || chosen.length === 0) return null;
	for (const line of chosen) {
		const most = numberOf(line, 'Quantity Shipped') - numberOf(line, 'Quantity Invoiced');
		if (quantities.get(line.id)! > most) throw dialog(`You cannot invoice more than ${most} units.`);
	}
	const number = newNumber(session, 'Posted Invoice');
	const from: Record<string, Value> = orders.length === 1 ? { 'Order Id': first.id, 'Order No.': first.fields['No.'] ?? '' } : {};
	const { 'Completely Shipped': _shipped, 'Invoice Discount Calculation': _calculation, ...header } = first.fields;
	const posted = company.insert(
		'Sales Header',
		withoutBlanks({ ...header, ...from, 'Document Type': 'Posted Invoice', 'No.': number, Status: 'Open' }),
		user,
	);
	const totals: Record<string, number> = {};
	const texts = orders.length === 1 ? linesOf(company, first).filter((line) => !counts(line)) : [];
	[...chosen, ...texts].forEach((line, index) => {
		const part = counts(line) ? quantities.get(line.id)! / numberOf(line, 'Quantity') : 1;
		const share = Object.fromEntries([...amounts, ...nets].map((field) => [field, cents(numberOf(line, field) * part)]));
		for (const [field, value] of Object.entries(share)) totals[field] = cents((totals[field] ?? 0) + value);
		const own = {
			'Document Type': 'Posted Invoice',
			'Document No.': number,
			'Document Id': posted.id,
			Quantity: quantities.get(line.id) ?? 0,
		};
		const place: Record<string, Value> = orders.length === 1 ? {} : { 'Line No.': (index + 1) * 10000 };
		company.insert('Sales Line', withoutBlanks({ ...line.fields, ...share, ...own, ...place }), user);
		if (counts(line)) lineInvoiced(session, line, quantities.get(line.id)!);
	});
	const discount = totals['Inv. Discount Amount Excl. VAT'] ?? 0;
	const [net, gross] = [totals['Amount'] ?? 0, totals['Amount Including VAT'] ?? 0];
	const sums = { Amount: net, 'Total Tax Amount': cents(gross - net), 'Amount Including VAT': gross, 'Invoice Discount Amount': discount };
	const stored = company.modify('Sales Header', posted, withoutBlanks({ ...posted.fields, ...sums }), user);
	booked(session, stored);
	for (const order of orders) dropWhenDone(session, order);
	return stored;
}

function lineInvoiced({ company, user }: Session, line: Row, quantity: number): void {
	const invoiced = numberOf(line, 'Quantity Invoiced') + quantity;
	const after = { ...line.fields, 'Quantity Invoiced': invoiced, 'Qty. to Invoice': numberOf(line, 'Quantity') - invoiced };
	company.modify('Sales Line', line, withoutBlanks(after), user);
}

function dropWhenDone(session: Session, order: Row): void {
	const lines = linesOf(session.company, order).filter(counts);
	if (lines.some((line) => numberOf(line, 'Quantity Invoiced') < numberOf(line, 'Quantity'))) return;
	archive(session, order);
	removeDocument(session, order);
}

export function removeDocument(session: Session, row: Row): void {
	const { company, user } = session;
	for (const line of linesOf(company, row)) company.remove('Sales Line', line, user);
	company.remove('Sales Header', company.table('Sales Header').get(row.id) ?? row, user);
}

/** Ships and invoices what the lines say in Qty. to Ship and Qty. to Invoice (page APIV2 - Sales Orders, ShipAndInvoice). */
export function shipAndInvoice(session: Session, row: Row): void {
	const { company } = session;
	const lines = checkLines(session, row).filter(counts);
	if (
		row.fields['Shipping Advice'] === 'Complete' &&
		lines.some((line) => numberOf(line, 'Qty. to Ship') < numberOf(line, 'Quantity') - numberOf(line, 'Quantity Shipped'))
	) {
		throw dialog(`This document cannot be shipped completely. Change the value in the Shipping Advice field to Partial.`);
	}
	const shipped = ship(session, row, setInOrder(lines, 'Qty. to Ship'));
	const invoiced = invoice(session, [company.table('Sales Header').get(row.id)!], setInOrder(lines, 'Qty. to Invoice'));
	if (!shipped && !invoiced) throw nothing();
}
