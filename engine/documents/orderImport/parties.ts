import { COMPANY_COLUMN } from '../../model/companyColumn';
import { customer } from '../../defaults/customer';
import { contact } from '../../defaults/contact';
import type { SystemRecord } from '../../model/record';
import type { SyncSession } from '../../ports/session';
import type { Party } from './orderLookups';

const ACCOUNTS = customer.mapping.crm;
const CONTACTS = contact.mapping.crm;

/** The customers that orders name, by id: accounts, and contacts with the accounts they belong to. At most three requests, and one look into the store. */
export async function partiesOf({ crm, store }: SyncSession, ids: readonly string[], companies: boolean): Promise<Map<string, Party>> {
	const asked = [...new Set(ids)];
	if (asked.length === 0) return new Map();
	const columns = ['customertypecode', ...(companies ? [COMPANY_COLUMN] : [])];
	const accounts = await crm.readByIds(ACCOUNTS, asked, columns);
	const persons = asked.filter((id) => !accounts.has(id));
	const contacts = persons.length > 0 ? await crm.readByIds(CONTACTS, persons, ['parentcustomerid']) : new Map<string, SystemRecord>();
	const parents = [...contacts.values()].flatMap(({ values }) => parentOf(values)).filter((id) => !accounts.has(id));
	const above = parents.length > 0 ? await crm.readByIds(ACCOUNTS, parents, columns) : new Map<string, SystemRecord>();
	const all = new Map([...accounts, ...above]);
	const couplings = await store.couplingsOf('CUSTOMER', 'crm', [...all.keys()]);
	const partyOf = (account: SystemRecord, direct: boolean): Party => ({
		accountId: account.id,
		name: [account.number, account.name].filter(Boolean).join(' '),
		direct,
		type: account.values['customertypecode'] ?? null,
		companyId: companies ? textOf(account.values[COMPANY_COLUMN]) : null,
		customerId: couplings.get(account.id)?.bcId ?? null,
	});
	const parties = new Map<string, Party>();
	for (const [id, account] of accounts) parties.set(id, partyOf(account, true));
	for (const [id, { name, values }] of contacts) {
		const account = parentOf(values).flatMap((parent) => all.get(parent) ?? [])[0];
		parties.set(id, account ? partyOf(account, false) : { ...NOBODY, name });
	}
	return parties;
}

const NOBODY: Party = { accountId: null, name: '', direct: false, type: null, companyId: null, customerId: null };

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
/** An account, or the contact's own superior, whom no account is found for. */
const parentOf = (values: SystemRecord['values']): string[] => {
	const parent = textOf(values['parentcustomerid']);
	return parent === null ? [] : [parent];
};
