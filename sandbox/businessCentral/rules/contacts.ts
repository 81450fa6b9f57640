import type { Row } from '../data/row';
import { upperCase } from '../data/upperCase';
import { dialog, noRelation } from '../errors';
import type { Draft, Session, TableRules } from '../write/session';
import { deleteRow } from '../write/writer';
import { partyFollows } from './contactSync';
import { inheritFrom, namesFollow, personsFollow } from './inheritance';
import { assignNumber } from './numberSeries';
import { postCodeRules } from './postCodes';
import { applyTemplate } from './template';

const isPerson = (draft: Draft) => draft.text('Type') === 'Person';

function companyOf(draft: Draft): Row | undefined {
	const number = draft.text('Company No.');
	return number ? draft.session.company.table('Contact').getByKey(number) : undefined;
}

function joinCompany(draft: Draft): void {
	if (!isPerson(draft)) {
		if (draft.before && draft.changed('Company No.') && draft.text('Company No.') !== draft.text('No.')) {
			throw dialog('Type must be equal to Person when Company No. is changed.');
		}
		return;
	}
	if (draft.text('Company No.') === '') {
		draft.set('Company Name', '');
		draft.set('Contact Business Relation', 'None');
		return;
	}
	const company = companyOf(draft);
	if (!company || company.fields['Type'] === 'Person') throw noRelation('Company No.', 'Contact', draft.text('Company No.'), 'Contact');
	draft.set('Company Name', company.fields['Name'] ?? '');
	draft.set('Contact Business Relation', company.fields['Contact Business Relation'] ?? 'None');
	const former = draft.before && draft.session.company.table('Contact').getByKey(draft.before.fields['Company No.'] ?? '');
	inheritFrom(draft, company, former);
}

function findCompanyByName(draft: Draft): void {
	const name = draft.text('Company Name');
	if (!isPerson(draft) || name === '') return;
	const found = draft.session.company
		.table('Contact')
		.withField('Name', name)
		.find(({ fields }) => fields['Type'] !== 'Person');
	if (!found) throw noRelation('Company Name', 'Contact', name, 'Contact');
	if (draft.text('Company No.') !== found.fields['No.']) {
		draft.set('Company No.', found.fields['No.'] ?? '');
		joinCompany(draft);
	}
}

/** First name and surname out of the one name, as codeunit Contact splits it: the last word is the surname. */
function splitName(draft: Draft): void {
	if (!isPerson(draft)) return;
	const words = draft.text('Name').trim().split(/\s+/);
	draft.set('Surname', (words.length > 1 ? words.pop()! : '').slice(0, 30));
	draft.set('First Name', (words.shift() ?? '').slice(0, 30));
	draft.set('Middle Name', words.join(' ').slice(0, 30));
}

function joinName(draft: Draft): void {
	const parts = ['First Name', 'Middle Name', 'Surname'].map((field) => draft.text(field)).filter(Boolean);
	draft.set('Name', parts.join(' ').slice(0, 100));
}

/** customerContacts: points the business relation of the company contact at another customer, so it moves the whole company. */
function moveToCustomer(draft: Draft, id: string | number | boolean): void {
	const { company, user } = draft.session;
	const customer = company.table('Customer').get(String(id));
	if (!customer) throw noRelation('Customer Id', 'Contact', String(id), 'Customer');
	const relation = company
		.table('Contact Business Relation')
		.withField('Contact No.', draft.text('Company No.'))
		.find(({ fields }) => fields['Link to Table'] === 'Customer');
	if (!relation) throw dialog('The contact is not linked to a customer.');
	company.modify('Contact Business Relation', relation, { ...relation.fields, 'No.': customer.fields['No.'] ?? '' }, user);
}

export const contactRules: TableRules = {
	setProperty: { customerId: moveToCustomer },
	validate: {
		...postCodeRules(),
		Name: splitName,
		'First Name': joinName,
		'Middle Name': joinName,
		Surname: joinName,
		'Company No.': joinCompany,
		'Company Name': findCompanyByName,
	},
	beforeInsert(draft) {
		if (!draft.text('Name').trim()) throw dialog('The blank "displayName" is not allowed.');
		assignNumber(draft, 'Contact');
		if (draft.text('Type') === '') draft.set('Type', 'Company');
		if (isPerson(draft)) {
			splitName(draft);
			if (draft.text('Company No.') !== '') joinCompany(draft);
		} else {
			draft.set('Company No.', draft.text('No.'));
			draft.set('Company Name', draft.text('Name'));
		}
		if (draft.text('Contact Business Relation') === '') draft.set('Contact Business Relation', 'None');
		if (draft.text('Search Name') === '') draft.set('Search Name', upperCase(draft.text('Name'), draft.session.company.settings.culture));
		applyTemplate(draft);
	},
	beforeModify(draft) {
		if (!draft.text('Name').trim()) throw dialog('The blank "displayName" is not allowed.');
		if (draft.changed('Type') && isPerson(draft) && draft.before?.fields['Company No.'] === draft.text('Company No.'))
			draft.set('Company No.', '');
		if (!isPerson(draft)) {
			draft.set('Company No.', draft.text('No.'));
			draft.set('Company Name', draft.text('Name'));
		}
	},
	afterModify(draft, row, before) {
		partyFollows(draft.session, row, before);
		personsFollow(draft.session, row, before);
		namesFollow(draft.session, row, before);
	},
	beforeDelete(session: Session, row) {
		const number = row.fields['No.'] ?? '';
		const open = session.company
			.table('Opportunity')
			.withField('Contact No.', number)
			.some(({ fields }) => fields['Closed'] !== true);
		if (open)
			throw dialog(`You cannot delete the ${String(number)} record of the Contact because there are one or more opportunities open.`);
	},
	afterDelete(session, row) {
		const relations = session.company.table('Contact Business Relation').withField('Contact No.', row.fields['No.'] ?? '');
		for (const relation of relations) deleteRow(session, 'Contact Business Relation', relation);
	},
};
