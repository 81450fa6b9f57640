import type { CompanyData } from '../data/companyData';
import type { Fields, Row, Value } from '../data/row';
import { Draft, type Session } from '../write/session';
import { insertDraft, withoutBlanks } from '../write/writer';
import { personsFollow } from './inheritance';

type Party = 'Customer' | 'Vendor';

/** Fields that a customer or vendor and its contact share; changes are copied both ways (codeunit Customer/Vendor-Contact update). */
const shared = [
	'Name',
	'Name 2',
	'Search Name',
	'Address',
	'Address 2',
	'City',
	'County',
	'Country/Region Code',
	'Post Code',
	'Phone No.',
	'Mobile Phone No.',
	'E-Mail',
	'Home Page',
	'Fax No.',
	'VAT Registration No.',
	'Currency Code',
];

const salesperson: Readonly<Record<Party, string>> = { Customer: 'Salesperson Code', Vendor: 'Purchaser Code' };

const relationOf = (company: CompanyData, kind: Party, number: Value) =>
	company
		.table('Contact Business Relation')
		.withField('No.', number)
		.find(({ fields }) => fields['Link to Table'] === kind);

/** Insert of a customer or vendor creates a linked contact when Marketing Setup names a business relation code. */
export function contactIsMade(draft: Draft, kind: Party, row: Row): void {
	const { session } = draft;
	const code = session.company.settings.businessRelations[kind];
	if (!code || draft.fields['~contact']) return;
	const contact = new Draft(session, 'Contact', undefined, null);
	contact.set('Type', row.fields['Contact Type'] === 'Person' ? 'Person' : 'Company');
	copy(row.fields, (field, value) => contact.set(field, value));
	contact.set('Salesperson Code', row.fields[salesperson[kind]] ?? '');
	contact.set('Contact Business Relation', kind);
	const made = insertDraft(contact);
	const relation = { 'Contact No.': made.fields['No.']!, 'Business Relation Code': code, 'Link to Table': kind, 'No.': row.fields['No.']! };
	session.company.insert('Contact Business Relation', relation, session.user);
	if (row.fields['Primary Contact No.'] === undefined && made.fields['Type'] === 'Person') {
		session.company.modify(kind, row, { ...row.fields, 'Primary Contact No.': made.fields['No.']! }, session.user);
	}
}

/** A change of the customer or vendor is copied to its contact. */
export function contactFollows(session: Session, kind: Party, row: Row, before: Row): void {
	const { company, user } = session;
	const relation = relationOf(company, kind, row.fields['No.'] ?? '');
	const contact = relation && company.table('Contact').getByKey(relation.fields['Contact No.'] ?? '');
	if (!contact) return;
	const fields: Record<string, Value> = { ...contact.fields };
	copyChanged(before.fields, row.fields, (field, value) => (fields[field] = value));
	if (row.fields[salesperson[kind]] !== before.fields[salesperson[kind]]) fields['Salesperson Code'] = row.fields[salesperson[kind]] ?? '';
	personsFollow(session, company.modify('Contact', contact, withoutBlanks(fields), user), contact);
}

/** A change of a company contact is copied to the customer and vendor it is linked to. */
export function partyFollows(session: Session, row: Row, before: Row): void {
	const { company, user } = session;
	for (const relation of company.table('Contact Business Relation').withField('Contact No.', row.fields['No.'] ?? '')) {
		const kind = relation.fields['Link to Table'];
		if (kind !== 'Customer' && kind !== 'Vendor') continue;
		const party = company.table(kind).getByKey(relation.fields['No.'] ?? '');
		if (!party) continue;
		const fields: Record<string, Value> = { ...party.fields };
		copyChanged(before.fields, row.fields, (field, value) => (fields[field] = value));
		if (row.fields['Salesperson Code'] !== before.fields['Salesperson Code'])
			fields[salesperson[kind]] = row.fields['Salesperson Code'] ?? '';
		company.modify(kind, party, withoutBlanks(fields), user);
	}
}

/** A deleted customer or vendor takes its business relation along; the contact stays. */
export function contactIsFreed(session: Session, kind: Party, row: Row): void {
	const { company, user } = session;
	const relation = relationOf(company, kind, row.fields['No.'] ?? '');
	if (!relation) return;
	company.remove('Contact Business Relation', relation, user);
	const contact = company.table('Contact').getByKey(relation.fields['Contact No.'] ?? '');
	if (!contact) return;
	const left = company.table('Contact Business Relation').withField('Contact No.', contact.fields['No.'] ?? '');
	const value = left.length === 0 ? 'None' : left.length === 1 ? String(left[0]!.fields['Link to Table']) : 'Multiple';
	company.modify('Contact', contact, { ...contact.fields, 'Contact Business Relation': value }, user);
}

function copy(from: Fields, set: (field: string, value: Value) => void): void {
	for (const field of shared) if (from[field] !== undefined) set(field, from[field]);
}

function copyChanged(before: Fields, after: Fields, set: (field: string, value: Value) => void): void {
	for (const field of shared) if (before[field] !== after[field]) set(field, after[field] ?? '');
}
