import type { Row, Value } from '../data/row';
import { stampText } from '../data/stamp';
import { BcError, badRequest, dialog } from '../errors';
import { apiViews } from '../model/schema';
import type { Draft, Session, TableRules } from '../write/session';
import { insertThrough, setField } from '../write/writer';
import { setCurrencyCode } from './currencyCode';
import { addPeriod } from './dateFormula';
import { assignNumber } from './numberSeries';
import { cancelInvoice, convertQuote, postInvoice, sendQuote, shipAndInvoice } from './posting';
import { linesOf, totals } from './totals';

/** Fields a posted invoice still accepts. */
const changeableWhenPosted = new Set([
	'Dispute Status',
	'Dispute Status Id',
	'Promised Pay Date',
	'Your Reference',
	'Payment Terms Code',
	'Due Date',
]);

const address: ReadonlyArray<readonly [string, string]> = [
	['Name', 'Name'],
	['Address', 'Address'],
	['Address 2', 'Address 2'],
	['City', 'City'],
	['County', 'County'],
	['Post Code', 'Post Code'],
	['Country/Region Code', 'Country/Region Code'],
];
const taken = ['Currency Code', 'Payment Terms Code', 'Shipment Method Code', 'Shipping Agent Code', 'Salesperson Code'];

function give(draft: Draft, field: string, value: Value | undefined): void {
	if (!draft.sent.has(field)) draft.set(field, value ?? '');
}

function customerChosen(draft: Draft): void {
	const customer = draft.session.company.table('Customer').getByKey(draft.text('Sell-to Customer No.'));
	if (!customer) return;
	const blocked = String(customer.fields['Blocked'] ?? ' ');
	const invoice = draft.text('Document Type') === 'Invoice';
	if (blocked === 'All' || (invoice && blocked === 'Invoice')) {
		throw dialog(`You cannot create this type of document when Customer ${String(customer.fields['No.'])} is blocked with type ${blocked}`);
	}
	for (const [field, from] of address) {
		for (const role of ['Sell-to', 'Ship-to'])
			give(draft, field === 'Name' && role === 'Sell-to' ? 'Sell-to Customer Name' : `${role} ${field}`, customer.fields[from]);
	}
	give(draft, 'Sell-to Phone No.', customer.fields['Phone No.']);
	give(draft, 'Sell-to E-Mail', customer.fields['E-Mail']);
	for (const field of taken) give(draft, field, customer.fields[field]);
	if (!draft.sent.has('Bill-to Customer No.')) {
		draft.set('Bill-to Customer No.', customer.fields['No.'] ?? '');
		billTo(draft);
	}
}

function billTo(draft: Draft): void {
	const customer = draft.session.company.table('Customer').getByKey(draft.text('Bill-to Customer No.'));
	for (const [field, from] of address) give(draft, `Bill-to ${field}`, customer?.fields[from]);
}

function dates(draft: Draft): void {
	const today = stampText(draft.session.company.now()).slice(0, 10);
	for (const field of ['Document Date', 'Posting Date', 'Order Date']) if (draft.text(field) === '') draft.set(field, today);
	if (draft.sent.has('Due Date')) return;
	const terms = draft.session.company.table('Payment Terms').getByKey(draft.text('Payment Terms Code'));
	draft.set('Due Date', addPeriod(draft.text('Document Date'), String(terms?.fields['Due Date Calculation'] ?? '')));
}

function insertLine(session: Session, _view: unknown, parent: Row, collection: string, body: Readonly<Record<string, unknown>>): void {
	const view = apiViews.get(collection);
	if (!view || view.table !== 'Sales Line') throw badRequest(`Deep insert of '${collection}' is not supported.`);
	insertThrough(session, view, body, { 'Document Id': parent.id });
}

export const salesHeaderRules: TableRules = {
	setProperty: {
		currencyCode: setCurrencyCode,
		partialShipping: (draft, value) => draft.set('Shipping Advice', value === false ? 'Complete' : ''),
		customerNumber: (draft, value) => setField(draft, 'Sell-to Customer No.', value),
	},
	validate: {
		'Sell-to Customer No.': customerChosen,
		'Bill-to Customer No.': billTo,
	},
	beforeInsert(draft) {
		if (draft.text('Sell-to Customer No.') === '') {
			throw new BcError(400, 'BadRequest_RequiredParamNotProvided', 'The customerId or customerNumber must be specified.');
		}
		assignNumber(draft, draft.text('Document Type'));
		if (draft.text('Status') === '') draft.set('Status', 'Draft');
		dates(draft);
	},
	insertChild: insertLine,
	beforeModify(draft) {
		const before = draft.before!;
		if (before.fields['Document Type'] === 'Posted Invoice') {
			const refused = [...draft.sent].find((field) => draft.changed(field) && !changeableWhenPosted.has(field));
			if (refused) throw dialog(`${refused} of a posted invoice cannot be changed.`);
			return;
		}
		if (draft.changed('Payment Terms Code') || draft.changed('Document Date')) dates(draft);
		const { company } = draft.session;
		if (draft.changed('Invoice Discount Amount')) Object.assign(draft.fields, totals(company, { ...before, fields: draft.fields }));
	},
	beforeDelete(_session, row) {
		if (row.fields['Document Type'] === 'Posted Invoice') throw dialog('You cannot delete a posted invoice.');
	},
	afterDelete(session, row) {
		for (const line of linesOf(session.company, row)) session.company.remove('Sales Line', line, session.user);
	},
	actions: {
		post: postInvoice,
		postAndSend: postInvoice,
		send(session, row) {
			if (row.fields['Document Type'] === 'Quote') sendQuote(session, row);
			else if (row.fields['Document Type'] === 'Invoice') postInvoice(session, row);
		},
		cancel: cancelInvoice,
		cancelAndSend: cancelInvoice,
		shipAndInvoice,
		makeOrder: (session, row) => convertQuote(session, row, 'Order'),
		makeInvoice: (session, row) => convertQuote(session, row, 'Invoice'),
	},
};
