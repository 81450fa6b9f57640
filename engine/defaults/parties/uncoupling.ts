import { spelledCode } from '../../model/upperCase';
import type { MappingRules } from '../../mapping/rules';
import { companyContactsOf, companyNumberOf, type PartyMapping } from './companyContacts';
import type { TableSource } from '../../model/record';

const CRM_CONTACT: TableSource = { name: 'contact', numberField: null, nameField: 'fullname' };
const BC_CONTACT: TableSource = { name: 'contacts', numberField: 'number', nameField: 'displayName' };

/**
 * The contacts of a customer or vendor are uncoupled with it: those whose contact in Business Central belongs to it and whose contact in CRM
 * belongs to its account.
 */
export const contactsOfParties: NonNullable<MappingRules['alsoUncouple']> = async (session, mapping, couplings) => {
	const ofAccount = new Map(couplings.map((coupling) => [coupling.crmId, coupling]));
	const rows = await session.crm.readByValues(CRM_CONTACT, 'parentcustomerid', [...ofAccount.keys()], ['parentcustomerid']);
	const partyOf = new Map(rows.map(({ id, values }) => [id, ofAccount.get(String(values['parentcustomerid']))]));
	const contacts = [...(await session.store.couplingsOf('CONTACT', 'crm', [...partyOf.keys()])).values()];
	if (contacts.length === 0) return [];
	const existing = await session.businessCentral.existing(mapping.bc, [...new Set(contacts.map(({ crmId }) => partyOf.get(crmId)!.bcId))]);
	const companies = await companyContactsOf(
		session,
		[...existing].map((id) => ({ mapping: mapping.name as PartyMapping, id })),
	);
	const persons = await session.businessCentral.readByIds(
		BC_CONTACT,
		contacts.map(({ bcId }) => bcId),
		['companyNumber'],
	);
	const ending = contacts.filter(({ bcId, crmId }) => {
		const person = persons.get(bcId);
		const company = companies.get(partyOf.get(crmId)!.bcId);
		return person && company && companyNumberOf(person) === spelledCode(company.number);
	});
	return ending.length === 0 ? [] : [{ mapping: 'CONTACT', couplings: ending }];
};
