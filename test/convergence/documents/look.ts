import type { JobResult } from '../../../engine/jobs/jobResult';
import type { Row } from '../fields';
import { isSame, netOf, netPrice } from './amounts';
import { companyOf, FREIGHT_ACCOUNT, WRITE_IN_ITEM } from './assortment';
import { isStamped, type Office, type Order, type OrderContent } from './office';

/** Codes an order of that history may fail with for good, until somebody decides. */
function reasons({ changed, state, touched }: Order): string[] {
	return [
		...(changed ? ['CRM_ORDER_CHANGED'] : []),
		...(state === 'active' ? ['CRM_ORDER_REOPENED'] : []),
		...(state === 'canceled' ? ['CRM_ORDER_CANCELED'] : []),
		...(touched.released ? ['ORDER_RELEASED'] : []),
		...(touched.beforeHandOver ? ['AMOUNTS_DIFFER'] : []),
	];
}

/** Both sides, now that runs had time to bring them together: held against what people did. `last`: the last run of order import. */
export function lookAtOrders(office: Office, last: JobResult): void {
	for (const order of office.orders) {
		const failure = last.failed.find(({ crm }) => crm?.id === order.id);
		if (failure && !reasons(order).includes(failure.errorCode))
			office.broken(`order ${order.mark} fails without a reason: ${failure.errorCode} ${failure.message}`);
		const row = office.crmOrder(order);
		if (row && order.state === 'submitted' && row['statecode'] === 1 && !isStamped(row) && !failure)
			office.broken(`order ${order.mark} is submitted, not handed over, and nobody says why`);
		if (order.handedOver) lookAtHandedOver(office, order, order.handedOver);
		else if (failure === undefined && order.state === 'active' && !order.submitted) lookAtUnsubmitted(office, order);
	}
	lookForStrangers(office);
}

function lookAtUnsubmitted(office: Office, order: Order): void {
	if (office.bcOrders(order).length > 0) office.broken(`order ${order.mark} was never submitted, and is in Business Central`);
}

/** What Business Central has of an order that CRM says was handed over. */
function lookAtHandedOver(office: Office, order: Order, content: OrderContent): void {
	const { touched } = order;
	const [living] = office.bcOrders(order);
	if (!living) {
		if (office.invoicesOf(order).length === 0 && !touched.deleted)
			office.broken(`order ${order.mark} was handed over, and Business Central has nothing of it`);
		return;
	}
	if (touched.afterHandOver || touched.deleted) return;
	const net = netOf(content);
	const there = Number(living['totalAmountExcludingTax']);
	const isTold = office.told.has(`${order.id} AMOUNTS_DIFFER`);
	if (!isSame(net, there) && !isTold)
		office.broken(`order ${order.mark} comes to ${net} without VAT in CRM, to ${there} in Business Central, and nobody said so`);
	if (touched.beforeHandOver) return;
	if (!isSame(net, there)) office.broken(`order ${order.mark} comes to ${net} without VAT in CRM, to ${there} in Business Central`);
	if (!isSame(living['discountAmount'], content.discount))
		office.broken(`order ${order.mark} has a discount of ${content.discount} in CRM, of ${String(living['discountAmount'])} in Business Central`); // prettier-ignore
	const lines = companyOf(office.world)
		.rows('salesOrderLines')
		.filter((line) => line['documentId'] === living['id']);
	const sold = lines.filter(({ lineType }) => lineType !== 'Comment').map(inBusinessCentral);
	const expected = inCrm(content);
	if (sold.sort().join('\n') !== expected.sort().join('\n'))
		office.broken(`order ${order.mark} has the lines [${sold.join('; ')}] in Business Central; people entered [${expected.join('; ')}]`);
	const words = lines.map(({ description }) => String(description)).join(' ');
	for (const { product, text } of content.lines)
		if (product === null && !flat(words).includes(flat(text))) office.broken(`order ${order.mark} lost the words "${text.slice(0, 40)}"`);
}

const flat = (text: string): string => text.replace(/\s+/g, '');
const money = (value: unknown): string => Number(value ?? 0).toFixed(5);

const inBusinessCentral = (line: Row): string =>
	[line['lineObjectNumber'], line['quantity'], money(line['unitPrice']), money(line['discountAmount'])].join(' ');

const inCrm = ({ lines, freight }: OrderContent): string[] => [
	...lines.map((line) => [line.product ?? WRITE_IN_ITEM, line.quantity, money(netPrice(line)), money(line.discount)].join(' ')),
	...(freight > 0 ? [[FREIGHT_ACCOUNT, 1, money(freight), money(0)].join(' ')] : []),
];

/** Nothing is in Business Central that nobody entered. */
function lookForStrangers(office: Office): void {
	const known = new Set(office.orders.flatMap((order) => office.bcOrders(order).map(({ id }) => id)));
	for (const { id, number, externalDocumentNumber } of companyOf(office.world).rows('salesOrders'))
		if (!known.has(id)) office.broken(`order ${String(number)} ("${String(externalDocumentNumber)}") of Business Central was entered by nobody`); // prettier-ignore
}

/** Each posted invoice is in CRM once, with all its lines and amounts, and says what is paid of it. `last`: the last run that brought invoices. */
export function lookAtInvoices(office: Office, last: JobResult): void {
	const rows = office.world.sandbox.crm.rows('invoice') as Row[];
	const posted = office.postedInvoices();
	for (const invoice of posted) {
		const number = String(invoice['number']);
		const note = office.note(number);
		const failure = last.failed.find(({ businessCentral }) => businessCentral?.number === number);
		// A line that somebody added to an invoice that was still being written: it is held until somebody decides.
		const isHeld = failure?.errorCode === 'AMOUNTS_DIFFER' && note.lines === true;
		if (failure && !isHeld) office.broken(`invoice ${number} fails without a reason: ${failure.errorCode} ${failure.message}`);
		const there = rows.filter(({ invoicenumber }) => invoicenumber === number);
		if (there.length > 1) office.broken(`invoice ${number} is ${there.length} times in CRM`);
		else if (there[0] && office.calm && note.deleted === 'complete') office.broken(`invoice ${number} was deleted in CRM, and came back`);
		else if (there[0]) lookAtInvoice(office, invoice, there[0], isHeld);
		else if (!note.deleted && !failure) office.broken(`invoice ${number} is not in CRM`);
	}
	const numbers = new Set(posted.map(({ number }) => number));
	for (const { invoicenumber } of rows)
		if (!numbers.has(invoicenumber)) office.broken(`invoice ${String(invoicenumber)} of CRM was posted by nobody`);
}

function lookAtInvoice(office: Office, invoice: Row, crm: Row, isHeld: boolean): void {
	const number = String(invoice['number']);
	const note = office.note(number);
	const lines = office.world.sandbox.crm.rows('invoicedetail').filter(({ invoiceid }) => invoiceid === crm['invoiceid']) as Row[];
	const rounding = lines.filter(({ productdescription }) => productdescription === 'Rounding');
	const byHand = lines.filter(({ productdescription }) => productdescription === 'By hand');
	if (rounding.length > 1) office.broken(`invoice ${number} has ${rounding.length} rounding lines`);
	const sold = companyOf(office.world)
		.rows('salesInvoiceLines')
		.filter(({ documentId, lineType }) => documentId === invoice['id'] && lineType !== 'Comment');
	const ours = lines.filter((line) => !rounding.includes(line) && !byHand.includes(line));
	const [theirs, expected] = [ours, sold].map((each) => each.map(({ quantity }) => Number(quantity)).sort((a, b) => a - b).join(' ')); // prettier-ignore
	if (theirs !== expected) office.broken(`invoice ${number} has lines with the quantities [${theirs}] in CRM; posted were [${expected}]`);
	const isTold = office.told.has(`${number} AMOUNTS_DIFFER`);
	if (!note.lines || !isTold) lookAtTotals(office, invoice, crm);
	if (!note.closed && crm['duedate'] !== invoice['dueDate'])
		office.broken(`invoice ${number} is due on ${String(invoice['dueDate'])}, in CRM on ${String(crm['duedate'])}`);
	if (isHeld) return;
	lookAtPayment(office, invoice, crm);
	lookAtCredits(office, invoice, crm);
}

/** Each credit memo of the invoice is told in its description, and as a post: once. */
function lookAtCredits(office: Office, invoice: Row, crm: Row): void {
	const memos = companyOf(office.world)
		.rows('salesCreditMemos')
		.filter(({ invoiceId, status }) => invoiceId === invoice['id'] && status !== 'Draft' && status !== 'In Review');
	const posts = office.world.sandbox.crm.rows('post');
	for (const { number } of memos) {
		const begins = `Credit memo ${String(number)} ·`;
		const lines = String(crm['description'] ?? '').split(begins).length - 1;
		if (lines !== 1) office.broken(`invoice ${String(invoice['number'])} tells of credit memo ${String(number)} ${lines} times`);
		const told = posts.filter(({ text }) => String(text).startsWith(begins)).length;
		if (told !== 1) office.broken(`there are ${told} posts about credit memo ${String(number)}`);
	}
}

function lookAtTotals(office: Office, invoice: Row, crm: Row): void {
	const number = String(invoice['number']);
	// Lines that were added to an invoice that is complete are their people's own.
	const added = office.note(number).lines ? 3 * office.world.sandbox.crm.rows('invoicedetail').filter(({ invoiceid, productdescription }) => invoiceid === crm['invoiceid'] && productdescription === 'By hand').length : 0; // prettier-ignore
	const pairs = [
		['total', Number(crm['totalamount']) - added, invoice['totalAmountIncludingTax']],
		['tax', crm['totaltax'], invoice['totalTaxAmount']],
		['discount', crm['discountamount'], invoice['discountAmount']],
	] as const;
	for (const [name, there, here] of pairs)
		if (!isSame(there, here))
			office.broken(`invoice ${number}: its ${name} is ${String(here)} in Business Central, ${String(there)} in CRM`);
}

/** State and status in CRM, as `0/4`, by what Business Central says. */
function expectedState({ status, remainingAmount, totalAmountIncludingTax: total }: Row): string {
	if (status === 'Canceled') return '3/100003';
	if (isSame(remainingAmount, 0)) return '2/100001';
	return isSame(remainingAmount, total) ? '0/4' : '2/100002';
}

function lookAtPayment(office: Office, invoice: Row, crm: Row): void {
	const number = String(invoice['number']);
	const now = `${String(crm['statecode'])}/${String(crm['statuscode'])}`;
	const expected = expectedState(invoice);
	// A status of a person's own stays while Business Central has nothing new to say.
	if (now === expected || (office.note(number).status && now === '0/2')) return;
	office.broken(
		`invoice ${number} is ${String(invoice['status'])} with ${String(invoice['remainingAmount'])} of ${String(invoice['totalAmountIncludingTax'])} left, and ${now} in CRM`,
	);
}
