import type { Row, Value } from '../data/row';
import { dialog, testField } from '../errors';
import type { Draft, Session, TableRules } from '../write/session';
import { checkRelation, setField } from '../write/writer';
import { headerFollows, lineAmounts, linesOf } from './totals';

const posted = new Set(['Posted Invoice', 'Posted Credit Memo']);

function headerOf(session: Session, line: { get(field: string): Value }): Row {
	const header = session.company.table('Sales Header').get(String(line.get('Document Id')));
	if (!header) throw dialog('You must specify an Id or a Document Id to get the lines.');
	const { fields } = header;
	if (posted.has(String(fields['Document Type']))) throw dialog('The lines of a posted document cannot be changed.');
	// API status Open of an order is Released in BC. Comment lines are exempt.
	if (fields['Document Type'] === 'Order' && fields['Status'] === 'Open' && line.get('API Type') !== 'Comment') {
		throw testField(
			`Status must be equal to 'Open'  in Sales Header: Document Type=Order, No.=${String(fields['No.'])}. Current value is 'Released'.`,
		);
	}
	return header;
}

const ofRow = (row: Row) => ({ get: (field: string) => row.fields[field] ?? '' });

function setItem(draft: Draft, id: Value): void {
	const item = draft.session.company.table('Item').get(String(id));
	if (!item) throw dialog('Item does not exist.');
	if (draft.text('API Type') === 'Account' && draft.text('No.') !== '') throw bothGiven();
	draft.set('API Type', 'Item');
	setField(draft, 'No.', item.fields['No.'] ?? '');
}

function setAccount(draft: Draft, id: Value): void {
	const account = draft.session.company.table('G/L Account').get(String(id));
	if (draft.text('API Type') === 'Item' && draft.text('No.') !== '') throw bothGiven();
	if (!account) throw dialog('Account does not exist.');
	draft.set('API Type', 'Account');
	setField(draft, 'No.', account.fields['No.'] ?? '');
}

/** Items and accounts are looked up by the page itself, the rest by the table relation. */
function setNumber(draft: Draft, number: Value): void {
	const type = draft.text('API Type');
	const table = type === 'Account' ? 'G/L Account' : type;
	if ((type === 'Item' || type === 'Account') && !draft.session.company.table(table).getByKey(number))
		throw dialog(`${type} does not exist.`);
	setField(draft, 'No.', number);
}

const bothGiven = () => dialog('Both "itemId" and "accountId" are specified. Specify only one of them.');

function objectOf(draft: Draft): Row | undefined {
	const type = draft.text('API Type');
	const table = type === 'Account' ? 'G/L Account' : type;
	return ['Item', 'Resource', 'Account'].includes(type) ? draft.session.company.table(table).getByKey(draft.text('No.')) : undefined;
}

/** Description, unit, price and the customer's line discount come from the item, resource or account, whatever stood there before. */
function objectChosen(draft: Draft): void {
	const type = draft.text('API Type');
	const object = objectOf(draft);
	if (!object) {
		checkRelation(draft, 'No.');
		return;
	}
	if (object.fields['Blocked'] === true)
		throw testField(`Blocked must be equal to 'No'  in ${type}: No.=${draft.text('No.')}. Current value is 'Yes'.`);
	draft.set('Description', object.fields[type === 'Item' ? 'Description' : 'Name'] ?? '');
	draft.set('Unit of Measure Code', object.fields['Sales Unit of Measure'] ?? object.fields['Base Unit of Measure'] ?? '');
	priceFound(draft);
}

/** BC looks price and discount up again whenever number, unit or quantity are validated: what was typed before is lost. */
function priceFound(draft: Draft): void {
	const object = objectOf(draft);
	if (!object || draft.text('API Type') === 'Account') return;
	const { settings } = draft.session.company;
	const header = draft.session.company.table('Sales Header').get(draft.text('Document Id'));
	draft.set('Unit Price', object.fields['Unit Price'] ?? 0);
	draft.set('Line Discount %', settings.lineDiscountPercent[String(header?.fields['Sell-to Customer No.'] ?? '')] ?? 0);
	draft.sent.delete('Line Discount Amount');
}

/**
 * The linked assembly order of an item that is assembled to order: over the API it is not made with the line, but when the shipment date of a line that is
 * there is validated; the price is looked up anew then (table Sales Line, AutoAsmToOrder).
 */
function assembled(draft: Draft): void {
	if (!draft.before || draft.text('API Type') !== 'Item' || objectOf(draft)?.fields['Assembly Policy'] !== 'Assemble-to-Order') return;
	if (draft.number('Quantity') === 0) return;
	priceFound(draft);
	if (draft.text('Assembly Order No.') === '')
		draft.set('Assembly Order No.', `A-${draft.text('Document No.')}-${draft.number('Line No.')}`);
}

const fixed = (draft: Draft, field: string, text: string) => {
	if (draft.before && draft.changed(field)) throw dialog(text);
};

/** What is to be shipped and invoiced next: all that is left, unless somebody said otherwise. */
function quantities(draft: Draft): void {
	if (draft.text('Document Type') !== 'Order') return;
	const left = { 'Qty. to Ship': draft.number('Quantity Shipped'), 'Qty. to Invoice': draft.number('Quantity Invoiced') };
	const quantity = draft.number('Quantity');
	if (quantity < left['Qty. to Ship']) throw testField(`Quantity must not be less than ${left['Qty. to Ship']} in Sales Line.`);
	for (const [field, done] of Object.entries(left)) {
		if (!draft.sent.has(field) && (!draft.before || draft.changed('Quantity'))) draft.set(field, quantity - done);
		if (draft.number(field) > quantity - done) {
			throw dialog(`You cannot ${field === 'Qty. to Ship' ? 'ship' : 'invoice'} more than ${quantity - done} units.`);
		}
	}
}

export const salesLineRules: TableRules = {
	setProperty: { itemId: setItem, accountId: setAccount, lineObjectNumber: setNumber },
	validate: {
		'No.': objectChosen,
		Quantity: (draft, before) => {
			if (draft.get('Quantity') !== before) priceFound(draft);
		},
		'Unit of Measure Code': priceFound,
		'Shipment Date': assembled,
		'Line Discount %': (draft) => draft.sent.delete('Line Discount Amount'),
		'Line Discount Amount': (draft) => {
			if (draft.number('Line Discount Amount') !== 0 && draft.number('Quantity') === 0)
				throw testField('Quantity must have a value in Sales Line. It cannot be zero or empty.');
		},
	},
	beforeInsert(draft) {
		if (draft.text('API Type') === '') draft.set('API Type', 'Comment');
		const header = headerOf(draft.session, draft);
		draft.set('Document Type', header.fields['Document Type'] ?? '');
		draft.set('Document No.', header.fields['No.'] ?? '');
		draft.set('Currency Code', header.fields['Currency Code'] ?? '');
		if (draft.number('Line No.') === 0) {
			const last = linesOf(draft.session.company, header).at(-1);
			draft.set('Line No.', Number(last?.fields['Line No.'] ?? 0) + 10000);
		}
		if (draft.text('API Type') !== 'Comment' && draft.text('No.') === '') {
			throw dialog('A line needs a lineType with an itemId, accountId or lineObjectNumber.');
		}
		quantities(draft);
		lineAmounts(draft, header.fields['Prices Including VAT'] === true);
	},
	afterInsert: (draft, row) => headerFollows(draft.session, row.fields['Document Id'] ?? ''),
	beforeModify(draft) {
		const header = headerOf(draft.session, ofRow(draft.before!));
		fixed(draft, 'Document Id', 'The value for "documentId" cannot be modified.');
		fixed(draft, 'Line No.', 'The value for sequence cannot be modified. Delete and insert the line again.');
		fixed(draft, 'No.', 'The value for "lineObjectNumber" cannot be modified.');
		quantities(draft);
		lineAmounts(draft, header.fields['Prices Including VAT'] === true);
	},
	afterModify: (draft, row) => headerFollows(draft.session, row.fields['Document Id'] ?? ''),
	beforeDelete: (session, row) => {
		headerOf(session, ofRow(row));
		if (Number(row.fields['Quantity Shipped'] ?? 0) !== 0)
			throw testField(
				`Quantity Shipped must be equal to '0'  in Sales Line. Current value is '${String(row.fields['Quantity Shipped'])}'.`,
			);
	},
	afterDelete: (session, row) => headerFollows(session, row.fields['Document Id'] ?? ''),
};
