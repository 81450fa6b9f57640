import type { MappingRules } from '../../mapping/rules';
import type { TableSource } from '../../model/record';
import { companyContactsOf, type PartyMapping } from './companyContacts';

const BC_CONTACT: TableSource = { name: 'contacts', numberField: 'number', nameField: 'displayName' };
const CRM_CONTACT: TableSource = { name: 'contact', numberField: null, nameField: 'fullname' };

/** The contacts of customers or vendors, by their company in Business Central or their account in CRM. */
export const contactsOf =
	(mapping: PartyMapping): NonNullable<MappingRules['dependents']> =>
	async ({ session, side }, couplings) => {
		const read = async (): Promise<ReadonlyArray<{ id: string }>> => {
			if (side === 'crm')
				return await session.crm.readByValues(
					CRM_CONTACT,
					'parentcustomerid',
					couplings.map(({ crmId }) => crmId),
					[],
				);
			const companies = await companyContactsOf(
				session,
				couplings.map(({ bcId }) => ({ mapping, id: bcId })),
			);
			const numbers = [...companies.values()].map(({ number }) => number);
			return numbers.length === 0 ? [] : await session.businessCentral.readByValues(BC_CONTACT, 'companyNumber', numbers, []);
		};
		const ids = (await read()).map(({ id }) => id);
		return ids.length === 0 ? [] : [{ mapping: 'CONTACT', ids, fields: ['parentcustomerid'] }];
	};
