import type { CompanySettings } from '../data/settings';
import type { Fields, Row, Value } from '../data/row';
import type { Draft, Session } from '../write/session';
import { withoutBlanks } from '../write/writer';

const ADDRESS = ['Address', 'Address 2', 'Post Code', 'City', 'County'];
const COMMUNICATION = ['Phone No.', 'Fax No.', 'E-Mail', 'Home Page', 'Mobile Phone No.'];

const of = (fields: Fields | undefined, field: string): Value => fields?.[field] ?? '';
const same = (one: Fields | undefined, other: Fields | undefined, fields: readonly string[]): boolean =>
	fields.every((field) => of(one, field) === of(other, field));

/**
 * What a person takes over from the company it is given: salesperson and country always, its address where it is the old company's or blank as a whole,
 * numbers and e-mail one by one where they are the old company's or blank. What was sent stays.
 * Source: table 5050 Contact, InheritCompanyToPersonData, StaleAddress, UpdateFieldForNewCompany
 * (https://github.com/microsoft/ALAppExtensions, BaseApp).
 */
export function inheritFrom(draft: Draft, company: Row, former: Row | undefined): void {
	const { inherits } = draft.session.company.settings;
	const take = (field: string): void => {
		if (!draft.sent.has(field)) draft.set(field, of(company.fields, field));
	};
	if (inherits.salesperson) take('Salesperson Code');
	if (inherits.country) take('Country/Region Code');
	const stale = (fields: readonly string[]): boolean =>
		fields.every((field) => draft.text(field) === '') ||
		(former !== undefined && fields.every((field) => draft.text(field) === of(former.fields, field)));
	if (inherits.address && stale(ADDRESS)) ADDRESS.forEach(take);
	if (inherits.communication) for (const field of COMMUNICATION) if (stale([field])) take(field);
}

/**
 * A changed company contact gives its persons what they had in common with it, and the name in any case.
 * Source: table 5050 Contact, OnModify.
 */
export function personsFollow(session: Session, row: Row, before: Row): void {
	if (row.fields['Type'] === 'Person') return;
	const { company, user } = session;
	const [now, then] = [row.fields, before.fields];
	const { inherits } = company.settings;
	for (const person of company.table('Contact').withField('Company No.', of(now, 'No.'))) {
		if (person.id === row.id) continue;
		const changes = inherited(inherits, person.fields, now, then);
		if (of(now, 'Name') !== of(then, 'Name')) changes['Company Name'] = of(now, 'Name');
		if (Object.keys(changes).length > 0) company.modify('Contact', person, withoutBlanks({ ...person.fields, ...changes }), user);
	}
}

function inherited(inherits: CompanySettings['inherits'], person: Fields, now: Fields, then: Fields): Record<string, Value> {
	const changes: Record<string, Value> = {};
	const follow = (field: string): void => {
		if (of(now, field) !== of(then, field) && of(person, field) === of(then, field)) changes[field] = of(now, field);
	};
	if (inherits.salesperson) follow('Salesperson Code');
	if (inherits.country) follow('Country/Region Code');
	if (inherits.address && same(person, then, ADDRESS)) ADDRESS.forEach(follow);
	if (inherits.communication) COMMUNICATION.forEach(follow);
	return changes;
}

/** The name of a person is copied to the customer or vendor whose primary contact it is (table 5050 Contact, ProcessPersonNameChange). */
export function namesFollow(session: Session, row: Row, before: Row): void {
	if (row.fields['Type'] !== 'Person' || of(row.fields, 'Name') === of(before.fields, 'Name')) return;
	const { company, user } = session;
	for (const kind of ['Customer', 'Vendor'])
		for (const party of company.table(kind).withField('Primary Contact No.', of(row.fields, 'No.')))
			company.modify(kind, party, { ...party.fields, Contact: of(row.fields, 'Name') }, user);
}
