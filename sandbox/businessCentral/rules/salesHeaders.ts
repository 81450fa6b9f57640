import type { Row, Value } from '../data/row';
import { stampText } from '../data/stamp';
import { badRequest, dialog, testField } from '../errors';
import { apiViews } from '../model/schema';
import type { Draft, Session, TableRules } from '../write/session';
import { insertThrough } from '../write/writer';
import { setCurrencyCode } from './currencyCode';
import { addPeriod } from './dateFormula';
import { archive, archiveVersion } from './documents/archives';
import { cancelInvoice, makeCorrectiveCreditMemo, postCreditMemo } from './documents/creditMemos';
import { postInvoice, shipAndInvoice } from './documents/posting';
import { convertQuote } from './documents/quotes';
import { release, reopen } from './documents/releasing';
import { sendDocument } from './documents/sending';
import { postCodeRules } from './postCodes';
import { assignNumber } from './numberSeries';
import { discountBase, linesOf, spread } from './totals';

/** Fields a posted invoice still accepts: due date, promised pay date, dispute status. */
const changeableWhenPosted = new Set(['Dispute Status', 'Promised Pay Date', 'Due Date']);
const posted = new Set(['Posted Invoice', 'Posted Credit Memo']);

/** Fields of a released order that its table code refuses to change (TestStatusOpen). */
const closedWhenReleased = [
	'Sell-to Customer No.',
	'Bill-to Customer No.',
	'Currency Code',
	'Prices Including VAT',
	'Payment Discount %',
	'Shipment Method Code',
	'Shipping Agent Code',
	'Location Code',
	'Requested Delivery Date',
	'Promised Delivery Date',
	'Shipping Advice',
	'Invoice Discount Amount',
];

const address: ReadonlyArray<readonly [string, string]> = [
	['Name', 'Name'],
	['Address', 'Address'],
	['Address 2', 'Address 2'],
	['City', 'City'],
	['County', 'County'],
	['Post Code', 'Post Code'],
	['Country/Region Code', 'Country/Region Code'],
];
const taken = [
	'Currency Code',
	'Payment Terms Code',
	'Shipment Method Code',
	'Shipping Agent Code',
	'Salesperson Code',
	'Prices Including VAT',
	'Location Code',
];

/** The customer brings addresses, terms and the bill-to party, over what stood there: a later property of the body wins again. */
function customerChosen(draft: Draft): void {
	const customer = draft.session.company.table('Customer').getByKey(draft.text('Sell-to Customer No.'));
	if (!customer) return;
	const blocked = String(customer.fields['Blocked'] ?? ' ');
	const invoice = draft.text('Document Type') === 'Invoice';
	if (blocked === 'All' || (invoice && blocked === 'Invoice')) {
		throw dialog(`You cannot create this type of document when Customer ${String(customer.fields['No.'])} is blocked with type ${blocked}`);
	}
	for (const [field, from] of address) {
		draft.set(field === 'Name' ? 'Sell-to Customer Name' : `Sell-to ${field}`, customer.fields[from] ?? '');
		draft.set(`Ship-to ${field}`, customer.fields[from] ?? '');
	}
	draft.set('Ship-to Code', '');
	draft.set('Sell-to Phone No.', customer.fields['Phone No.'] ?? '');
	draft.set('Sell-to E-Mail', customer.fields['E-Mail'] ?? '');
	for (const field of taken) draft.set(field, customer.fields[field] ?? '');
	const payer = draft.session.company.settings.billTo[String(customer.fields['No.'] ?? '')];
	draft.set('Bill-to Customer No.', payer ?? customer.fields['No.'] ?? '');
	billTo(draft);
}

function billTo(draft: Draft): void {
	const customer = draft.session.company.table('Customer').getByKey(draft.text('Bill-to Customer No.'));
	for (const [field, from] of address) draft.set(`Bill-to ${field}`, customer?.fields[from] ?? '');
}

/** Whenever bill-to and sell-to customer are the same, the sell-to address is copied onto the bill-to address. */
function billToFollows(draft: Draft): void {
	if (draft.text('Bill-to Customer No.') !== draft.text('Sell-to Customer No.')) return;
	for (const [field] of address) draft.set(`Bill-to ${field}`, draft.get(field === 'Name' ? 'Sell-to Customer Name' : `Sell-to ${field}`));
}

const shipToFields = ['Name', 'Contact', ...address.slice(1).map(([field]) => field)].map((field) => `Ship-to ${field}`);
const clearShipToCode = Object.fromEntries(shipToFields.map((field) => [field, (draft: Draft) => draft.set('Ship-to Code', '')]));

function dates(draft: Draft): void {
	const today = stampText(draft.session.company.now()).slice(0, 10);
	for (const field of ['Document Date', 'Posting Date', 'Order Date']) if (draft.text(field) === '') draft.set(field, today);
	if (draft.sent.has('Due Date')) return;
	const terms = draft.session.company.table('Payment Terms').getByKey(draft.text('Payment Terms Code'));
	draft.set('Due Date', addPeriod(draft.text('Document Date'), String(terms?.fields['Due Date Calculation'] ?? '')));
}

/** An invoice discount needs lines to be spread over, so it cannot come with the creation of the header (codeunit Sales - Calc Discount By Type). */
function checkDiscount(draft: Draft): void {
	const amount = draft.number('Invoice Discount Amount');
	if (!draft.sent.has('Invoice Discount Amount')) return;
	draft.set('Invoice Discount Calculation', amount === 0 ? 'None' : 'Amount');
	if (amount === 0) return;
	const base = draft.before ? discountBase(draft.session.company, draft.before) : 0;
	if (base === 0) {
		throw dialog(
			'Cannot apply an invoice discount because the document does not include lines where the Allow Invoice Disc. field is selected. To add a discount, specify a line discount in the Line Discount % field for the relevant lines, or add a line of type Item where the Allow Invoice Disc. field is selected.',
		);
	}
	if (amount > base || amount < 0) throw dialog(`The invoice discount of ${amount} must not be greater than ${base}.`);
}

function checkReleased(draft: Draft): void {
	const before = draft.before!;
	if (before.fields['Document Type'] !== 'Order' || before.fields['Status'] !== 'Open') return;
	if (!closedWhenReleased.some((field) => draft.sent.has(field) && draft.changed(field))) return;
	throw testField(
		`Status must be equal to 'Open'  in Sales Header: Document Type=Order, No.=${String(before.fields['No.'])}. Current value is 'Released'.`,
	);
}

function insertLine(session: Session, _view: unknown, parent: Row, collection: string, body: Readonly<Record<string, unknown>>): void {
	const view = apiViews.get(collection);
	if (!view || view.table !== 'Sales Line') throw badRequest(`Deep insert of '${collection}' is not supported.`);
	insertThrough(session, view, body, { 'Document Id': parent.id });
}

/** A credit memo names the posted invoice it corrects by id or by number. */
function setInvoice(draft: Draft, id: Value): void {
	const invoice = draft.session.company.table('Sales Header').get(String(id));
	if (invoice?.fields['Document Type'] !== 'Posted Invoice') throw dialog('The "invoiceId" does not match to an Invoice.');
	draft.set('Applies-to Invoice Id', invoice.id);
	draft.set('Applies-to Doc. No.', invoice.fields['No.'] ?? '');
}

const sentAfterwards = { postAndSend: sendDocument, cancelAndSend: sendDocument };

export const salesHeaderRules: TableRules = {
	setProperty: {
		currencyCode: setCurrencyCode,
		partialShipping: (draft, value) => {
			draft.set('Shipping Advice', value === false ? 'Complete' : '');
			draft.sent.add('Shipping Advice');
		},
		invoiceId: setInvoice,
		fullyShipped: (draft, value) => draft.set('Completely Shipped', value),
	},
	validate: {
		'Sell-to Customer No.': customerChosen,
		'Bill-to Customer No.': billTo,
		...clearShipToCode,
		...postCodeRules('Sell-to '),
		...postCodeRules('Bill-to '),
		...Object.fromEntries(
			Object.entries(postCodeRules('Ship-to ')).map(([field, rule]) => [
				field,
				(draft: Draft, before: Value) => {
					draft.set('Ship-to Code', '');
					rule(draft, before);
				},
			]),
		),
	},
	beforeInsert(draft) {
		if (draft.text('Sell-to Customer No.') === '') throw dialog('A "customerNumber" or a "customerId" must be provided.');
		checkDiscount(draft);
		assignNumber(draft, draft.text('Document Type'));
		if (draft.text('Status') === '') draft.set('Status', 'Draft');
		billToFollows(draft);
		dates(draft);
	},
	insertChild: insertLine,
	beforeModify(draft) {
		const before = draft.before!;
		if (posted.has(String(before.fields['Document Type']))) {
			const refused = [...draft.sent].find((field) => draft.changed(field) && !changeableWhenPosted.has(field));
			if (refused) throw dialog(`${refused} of a posted document cannot be changed.`);
			return;
		}
		checkReleased(draft);
		checkDiscount(draft);
		billToFollows(draft);
		if (draft.changed('Payment Terms Code') || draft.changed('Document Date')) dates(draft);
		if (draft.changed('Invoice Discount Amount')) Object.assign(draft.fields, spread(draft.session, { ...before, fields: draft.fields }));
	},
	beforeDelete(session, row) {
		if (posted.has(String(row.fields['Document Type']))) throw dialog('You cannot delete a posted document.');
		if (linesOf(session.company, row).some(({ fields }) => fields['Quantity Shipped'] !== fields['Quantity Invoiced'])) {
			throw dialog(`You cannot delete the order ${String(row.fields['No.'])} because it is shipped but not invoiced.`);
		}
		archive(session, row);
	},
	afterDelete(session, row) {
		for (const line of linesOf(session.company, row)) session.company.remove('Sales Line', line, session.user);
	},
	actions: {
		post: (session, row) => (row.fields['Document Type'] === 'Credit Memo' ? postCreditMemo(session, row) : postInvoice(session, row)),
		postAndSend: (session, row) =>
			row.fields['Document Type'] === 'Credit Memo' ? postCreditMemo(session, row) : postInvoice(session, row),
		send: sendDocument,
		cancel: cancelInvoice,
		cancelAndSend: cancelInvoice,
		makeCorrectiveCreditMemo,
		release,
		reopen,
		archive: archiveVersion,
		shipAndInvoice,
		makeOrder: (session, row) => convertQuote(session, row, 'Order'),
		makeInvoice: (session, row) => convertQuote(session, row, 'Invoice'),
	},
	afterCommit: sentAfterwards,
};
