import { dialog } from '../errors';
import type { Draft, Session, TableRules } from '../write/session';
import type { Row } from '../data/row';
import { contactFollows, contactIsMade, contactIsFreed } from './contactSync';
import { setCurrencyCode } from './currencyCode';
import { assignNumber } from './numberSeries';
import { applyTemplate } from './template';

const blankName = (draft: Draft) => {
	if (draft.table === 'Customer' && !draft.text('Name').trim())
		throw dialog('The displayName must be specified. The blank displayName is not allowed.');
};

function searchName(draft: Draft): void {
	const before = String(draft.before?.fields['Name'] ?? '').toUpperCase();
	if (draft.text('Search Name') === '' || (draft.text('Search Name') === before && draft.changed('Name'))) {
		draft.set('Search Name', draft.text('Name').toUpperCase().slice(0, 100));
	}
}

const party = (kind: 'Customer' | 'Vendor'): TableRules => ({
	setProperty: { currencyCode: setCurrencyCode },
	beforeInsert(draft) {
		blankName(draft);
		assignNumber(draft, kind);
		applyTemplate(draft);
		searchName(draft);
	},
	afterInsert: (draft, row) => contactIsMade(draft, kind, row),
	beforeModify(draft) {
		blankName(draft);
		searchName(draft);
	},
	afterModify: (draft, row, before) => contactFollows(draft.session, kind, row, before),
	beforeDelete(session, row) {
		const documents = session.company.table('Sales Header').withField('Sell-to Customer No.', row.fields['No.'] ?? '');
		if (kind === 'Customer' && documents.some(({ fields }) => !String(fields['Document Type']).startsWith('Posted'))) {
			throw dialog(
				`You cannot delete Customer ${String(row.fields['No.'])} because there is at least one outstanding Sales document for this customer.`,
			);
		}
	},
	afterDelete: (session: Session, row: Row) => contactIsFreed(session, kind, row),
});

export const customerRules = party('Customer');
export const vendorRules = party('Vendor');
