import type { Row, Value } from '../data/row';
import { dialog, noRelation } from '../errors';
import type { Draft, Session, TableRules } from '../write/session';
import { checkRelation, setField } from '../write/writer';
import { headerFollows, lineAmounts, linesOf } from './totals';

function headerOf(session: Session, id: Value): Row {
	const header = session.company.table('Sales Header').get(String(id));
	if (!header) throw dialog('You must specify a document id for a sales line.');
	const { fields } = header;
	if (fields['Document Type'] === 'Posted Invoice') throw dialog('The lines of a posted invoice cannot be changed.');
	// API status Open of an order is Released in BC.
	if (fields['Document Type'] === 'Order' && fields['Status'] === 'Open') {
		throw dialog(
			`Status must be equal to 'Open'  in Sales Header: Document Type=Order, No.=${String(fields['No.'])}. Current value is 'Released'.`,
		);
	}
	return header;
}

function setItem(draft: Draft, id: Value): void {
	const item = draft.session.company.table('Item').get(String(id));
	if (!item) throw noRelation('Item Id', 'Sales Line', String(id), 'Item');
	if (draft.sent.has('Account Id')) throw dialog('Both itemId and accountId were given; they exclude each other.');
	draft.set('API Type', 'Item');
	setField(draft, 'No.', item.fields['No.'] ?? '');
}

/** Description, price and unit come from the item or resource where the caller gave none. */
function fromObject(draft: Draft): void {
	const type = draft.text('API Type');
	const number = draft.text('No.');
	if (number === '' || (type !== 'Item' && type !== 'Resource')) return;
	checkRelation(draft, 'No.');
	const object = draft.session.company.table(type).getByKey(number);
	if (!object) return;
	if (object.fields['Blocked'] === true) throw dialog(`Blocked must be equal to 'No'  in ${type}: No.=${number}. Current value is 'Yes'.`);
	const values = {
		Description: object.fields[type === 'Item' ? 'Description' : 'Name'] ?? '',
		'Unit Price': object.fields['Unit Price'] ?? 0,
		'Unit of Measure Code': object.fields['Sales Unit of Measure'] ?? object.fields['Base Unit of Measure'] ?? '',
	};
	for (const [field, value] of Object.entries(values)) if (!draft.sent.has(field)) draft.set(field, value);
}

const fixed = (draft: Draft, field: string, name: string) => {
	if (draft.before && draft.changed(field)) throw dialog(`The ${name} of a line cannot be changed.`);
};

function quantities(draft: Draft): void {
	if (draft.text('Document Type') !== 'Order') return;
	for (const field of ['Qty. to Ship', 'Qty. to Invoice']) {
		if (!draft.sent.has(field) && (!draft.before || draft.changed('Quantity'))) draft.set(field, draft.number('Quantity'));
	}
}

export const salesLineRules: TableRules = {
	setProperty: { itemId: setItem },
	beforeInsert(draft) {
		const header = headerOf(draft.session, draft.get('Document Id'));
		draft.set('Document Type', header.fields['Document Type'] ?? '');
		draft.set('Document No.', header.fields['No.'] ?? '');
		draft.set('Currency Code', header.fields['Currency Code'] ?? '');
		if (draft.number('Line No.') === 0) {
			const last = linesOf(draft.session.company, header).at(-1);
			draft.set('Line No.', Number(last?.fields['Line No.'] ?? 0) + 10000);
		}
		if (draft.text('API Type') === '') draft.set('API Type', 'Comment');
		if (draft.text('API Type') !== 'Comment' && draft.text('No.') === '' && draft.text('Account Id') === '') {
			throw dialog('A line needs a lineType with an itemId, accountId or lineObjectNumber.');
		}
		fromObject(draft);
		quantities(draft);
		lineAmounts(draft);
	},
	afterInsert: (draft, row) => headerFollows(draft.session, row.fields['Document Id'] ?? ''),
	beforeModify(draft) {
		headerOf(draft.session, draft.before?.fields['Document Id'] ?? '');
		fixed(draft, 'Document Id', 'documentId');
		fixed(draft, 'Line No.', 'sequence');
		fixed(draft, 'No.', 'lineObjectNumber');
		quantities(draft);
		lineAmounts(draft);
	},
	afterModify: (draft, row) => headerFollows(draft.session, row.fields['Document Id'] ?? ''),
	beforeDelete: (session, row) => void headerOf(session, row.fields['Document Id'] ?? ''),
	afterDelete: (session, row) => headerFollows(session, row.fields['Document Id'] ?? ''),
};
