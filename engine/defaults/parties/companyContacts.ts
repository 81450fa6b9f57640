import { spelledCode } from '../../model/upperCase';
import type { SyncSession } from '../../ports/session';
import type { SystemRecord, TableSource } from '../../model/record';

export type PartyMapping = 'CUSTOMER' | 'VENDOR';

/** A customer or vendor. */
export interface Party {
	mapping: PartyMapping;
	id: string;
	number: string;
}

const TABLES: Readonly<Record<PartyMapping, TableSource>> = {
	CUSTOMER: { name: 'customers', numberField: 'number', nameField: 'displayName' },
	VENDOR: { name: 'vendors', numberField: 'number', nameField: 'displayName' },
};
const CONTACT: TableSource = { name: 'contacts', numberField: 'number', nameField: 'displayName' };
/** Tells which contact a customer or vendor is linked with. */
const CONTACT_LINKS = 'contactsInformation';
const RELATED_TYPE: Readonly<Record<PartyMapping, string>> = { CUSTOMER: 'Customer', VENDOR: 'Vendor' };
/** Business relations that a contact's `contactBusinessRelation` may stand for. */
const RELATIONS: Readonly<Record<string, readonly PartyMapping[]>> = {
	Customer: ['CUSTOMER'],
	Vendor: ['VENDOR'],
	Multiple: ['CUSTOMER', 'VENDOR'],
};

/** What Business Central tells about the relations of a contact, or of its company: customer first, then vendor; none for any other relation. */
export const relationsOf = ({ values }: SystemRecord): readonly PartyMapping[] =>
	RELATIONS[String(values['contactBusinessRelation'])] ?? [];

export const companyNumberOf = ({ values }: SystemRecord): string => spelledCode(values['companyNumber']);

/**
 * Customers and vendors behind the companies of person contacts, by the number of the company contact; customers first. No service leads from a
 * contact to its customer: those that bear the company's name, as Business Central keeps the two in step, are asked which contact they are
 * linked with.
 */
export async function partiesOfCompanies(session: SyncSession, contacts: readonly SystemRecord[]): Promise<Map<string, Party[]>> {
	const found = new Map<string, Party[]>();
	for (const mapping of ['CUSTOMER', 'VENDOR'] as const) {
		const related = contacts.filter((contact) => companyNumberOf(contact) !== '' && relationsOf(contact).includes(mapping));
		const names = new Map(related.map((contact) => [companyNumberOf(contact), String(contact.values['companyName'] ?? '').trim()]));
		await findByName(session, mapping, names, found);
		const open = [...names.keys()].filter((company) => !found.get(company)?.some((party) => party.mapping === mapping));
		// The name that a person carries of its company may be an old one.
		const companies = await session.businessCentral.readByValues(CONTACT, 'number', open, []);
		const renamed = companies.map(({ number, name }) => [spelledCode(number), name.trim()] as const);
		await findByName(session, mapping, new Map(renamed.filter(([number, name]) => names.get(number) !== name)), found);
	}
	return found;
}

/** Adds the customers or vendors that bear the name of their company contact; `names` by the contact's number. */
async function findByName(
	session: SyncSession,
	mapping: PartyMapping,
	names: ReadonlyMap<string, string>,
	found: Map<string, Party[]>,
): Promise<void> {
	const wanted = [...new Set(names.values())].filter((name) => name !== '');
	if (wanted.length === 0) return;
	const parties = await bearing(session, mapping, wanted);
	const companies = await companyContactsOf(session, parties);
	for (const party of parties) {
		const company = companies.has(party.id) ? spelledCode(companies.get(party.id)!.number) : undefined;
		if (company !== undefined && names.has(company)) found.set(company, [...(found.get(company) ?? []), party]);
	}
}

/** In a preview also those that it would rename: with them Business Central renames their contacts, which a preview does not show. */
async function bearing({ businessCentral }: SyncSession, mapping: PartyMapping, names: readonly string[]): Promise<Party[]> {
	const found = new Map<string, Party>();
	for (const system of [businessCentral, ...(businessCentral.unchanged ? [businessCentral.unchanged] : [])]) {
		const records = await system.readByValues(TABLES[mapping], 'displayName', names, []);
		for (const { id, number } of records) if (!found.has(id)) found.set(id, { mapping, id, number });
	}
	return [...found.values()];
}

/** Company contacts of customers and vendors, by the id of the customer or vendor; absent where it has none. */
export async function companyContactsOf(
	session: SyncSession,
	parties: ReadonlyArray<Pick<Party, 'mapping' | 'id'>>,
): Promise<Map<string, { id: string; number: string }>> {
	const rows = await linkedContacts(session, parties);
	return new Map(
		parties.flatMap(({ id }, index) => {
			const [row] = rows[index]!;
			return row ? [[id, row] as const] : [];
		}),
	);
}

/**
 * The company contact that Business Central makes by itself with a new customer or vendor, for a question about one that exists in a preview alone;
 * undefined for any other question. Where Marketing Setup names no business relation code, Business Central makes none, which a preview cannot see.
 */
export function contactToBe(name: string, filter: string): Record<string, string> | undefined {
	const party = name === CONTACT_LINKS ? /^relatedId eq (.+) and relatedType eq /.exec(filter)?.[1] : undefined;
	const contact = `company contact, ${party}`;
	return party === undefined ? undefined : { contactId: contact, contactNumber: contact };
}

async function linkedContacts(
	session: SyncSession,
	parties: ReadonlyArray<Pick<Party, 'mapping' | 'id'>>,
): Promise<Array<Array<{ id: string; number: string }>>> {
	const filters = parties.map(
		({ mapping, id }) => `relatedId eq ${id} and relatedType eq '${RELATED_TYPE[mapping]}' and contactType eq 'Company'`,
	);
	const answers = await session.businessCentral.readEach!(CONTACT_LINKS, ['contactId', 'contactNumber'], filters);
	return answers.map((rows) =>
		rows.map((row) => ({ id: String(row['contactId']).toLowerCase(), number: String(row['contactNumber'] ?? '').trim() })),
	);
}
