import { upperCase } from '../data/upperCase';
import { dialog } from '../errors';
import type { Draft, Session, TableRules } from '../write/session';
import type { Row } from '../data/row';
import { contactFollows, contactIsMade, contactIsFreed } from './contactSync';
import { setCurrencyCode } from './currencyCode';
import { assignNumber } from './numberSeries';
import { postCodeRules } from './postCodes';
import { applyTemplate } from './template';

const blankName = (draft: Draft) => {
	if (draft.table !== 'Customer' || draft.text('Name').trim()) return;
	throw dialog(draft.before || draft.sent.has('Name') ? 'The blank "displayName" is not allowed.' : 'A "displayName" must be provided.');
};

/** *Primary Contact No.* brings the contact's name, and its phone number and e-mail where it has them (table Customer, Primary Contact No. - OnValidate). */
function primaryContact(draft: Draft): void {
	const { company } = draft.session;
	if (!company.settings.primaryContactFollows) return;
	const contact = company.table('Contact').getByKey(draft.text('Primary Contact No.'));
	if (!contact) return void (draft.text('Primary Contact No.') === '' && draft.set('Contact', ''));
	if (contact.fields['Type'] === 'Person') draft.set('Contact', contact.fields['Name'] ?? '');
	for (const field of ['Phone No.', 'E-Mail']) if (contact.fields[field]) draft.set(field, contact.fields[field]);
}

function searchName(draft: Draft): void {
	const { culture } = draft.session.company.settings;
	const before = upperCase(String(draft.before?.fields['Name'] ?? ''), culture);
	if (draft.text('Search Name') === '' || (draft.text('Search Name') === before && draft.changed('Name'))) {
		draft.set('Search Name', upperCase(draft.text('Name'), culture).slice(0, 100));
	}
}

const party = (kind: 'Customer' | 'Vendor'): TableRules => ({
	setProperty: { currencyCode: setCurrencyCode },
	validate: { ...postCodeRules(), 'Primary Contact No.': primaryContact },
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
