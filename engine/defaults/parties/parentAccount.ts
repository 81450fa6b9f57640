import { SyncError } from '../../model/errors';
import { isOff, notCoupled } from '../../mapping/notCoupled';
import type { FieldTranslation, RuleContext } from '../../mapping/rules';
import { companyContactsOf, companyNumberOf, partiesOfCompanies, type Party, type PartyMapping, relationsOf } from './companyContacts';
import type { SystemRecord, TableSource } from '../../model/record';
import type { FieldMapping } from '../../model/fieldMapping';
import type { Crossing, Desired } from '../../mapping/desired';
import { idOn } from '../../model/coupling';
import { otherSide } from '../../model/side';

const ACCOUNT: TableSource = { name: 'account', numberField: null, nameField: 'name' };
/** Dataverse choice account.customertypecode: what a run of which mapping takes for its own. */
const MAPPING_OF_TYPE: Readonly<Record<string, PartyMapping>> = { 3: 'CUSTOMER', 11: 'VENDOR' };
const LEAVE: Desired = { kind: 'leave' };

/**
 * The company of a contact: in Business Central its company contact, which belongs to a customer or
 * vendor; in CRM the account coupled with that one.
 */
export const parentAccount: FieldTranslation = (context, field, records) =>
	context.direction === 'toCrm' ? accountsOfCompanies(context, field, records) : companiesOfAccounts(context, field, records);

async function accountsOfCompanies(
	{ session, references }: RuleContext,
	field: FieldMapping,
	records: readonly SystemRecord[],
): Promise<Crossing> {
	const byCompany = await partiesOfCompanies(session, records);
	const parties = [...byCompany.values()].flat();
	const couplings = await couplingsOf(session, 'businessCentral', (mapping) => parties.filter((party) => party.mapping === mapping));
	const accountOf = (party: Party): string | null =>
		couplings.get(`${party.mapping} ${party.id}`) ?? references.crmId({ ...field, mapping: party.mapping }, party.number).found;
	return (source) => {
		const company = companyNumberOf(source);
		if (company === '') return LEAVE;
		const related = byCompany.get(company) ?? [];
		for (const party of related) {
			const account = accountOf(party);
			if (account !== null) return { kind: 'value', value: account };
		}
		const [first] = related;
		if (!first) return { kind: 'error', error: relationsOf(source).length === 0 ? withoutRelation(source) : companyUnclear(source) };
		// The contact does not wait for its company; the company is delivered as soon as it is coupled.
		return { kind: 'value', value: null, waitsFor: { mapping: first.mapping, value: first.number } };
	};
}

async function companiesOfAccounts(context: RuleContext, field: FieldMapping, records: readonly SystemRecord[]): Promise<Crossing> {
	const { session, references, mapping } = context;
	const accountOf = ({ values }: SystemRecord): string => String(values['parentcustomerid'] ?? '').toLowerCase();
	const ids = [...new Set(records.map(accountOf))].filter((id) => id !== '');
	const couplings = await couplingsOf(session, 'crm', () => ids.map((id) => ({ id })));
	const partyOf = (account: string): Pick<Party, 'mapping' | 'id'> | undefined => {
		for (const name of ['CUSTOMER', 'VENDOR'] as const) {
			const id = couplings.get(`${name} ${account}`);
			if (id !== undefined) return { mapping: name, id };
		}
		return undefined;
	};
	const companies = await companyContactsOf(
		session,
		ids.flatMap((id) => partyOf(id) ?? []),
	);
	const uncoupled = ids.filter((id) => !partyOf(id));
	const accounts = await session.crm.readByIds(ACCOUNT, uncoupled, ['customertypecode']);
	const coupled = await session.store.couplingsOf(
		mapping.name,
		'crm',
		records.map(({ id }) => id),
	);
	return (source, creating) => {
		const id = accountOf(source);
		const party = partyOf(id);
		if (party) {
			const company = companies.get(party.id);
			return company ? { kind: 'value', value: company.number } : { kind: 'error', error: companyContactMissing(source, party.mapping) };
		}
		const account = accounts.get(id);
		// No account, or a parent of another table: Business Central keeps the company it has.
		if (!account) return coupled.has(source.id) && !creating ? LEAVE : { kind: 'error', error: withoutAccount(source) };
		const name = MAPPING_OF_TYPE[String(account.values['customertypecode'])];
		// An account that is neither customer nor vendor gives no company, and no customer is made of it.
		if (name === undefined) return { kind: 'value', value: '' };
		const announced = references.bcCode({ ...field, mapping: name }, id).found;
		if (announced !== null) return { kind: 'value', value: announced };
		return {
			kind: 'error',
			error: notCoupled({ caption: field.caption, value: account.name || id, mapping: name, off: isOff(context.mappings, name) }, 'crm'),
			named: account.name || id,
			refersTo: { mapping: name, value: id },
		};
	};
}

/** Partners by `mapping id`, for customers and vendors of one side. */
async function couplingsOf(
	session: RuleContext['session'],
	side: 'businessCentral' | 'crm',
	idsOf: (mapping: PartyMapping) => ReadonlyArray<{ id: string }>,
): Promise<Map<string, string>> {
	const partners = new Map<string, string>();
	for (const mapping of ['CUSTOMER', 'VENDOR'] as const) {
		const ids = idsOf(mapping).map(({ id }) => id);
		for (const [id, coupling] of await session.store.couplingsOf(mapping, side, ids)) {
			partners.set(`${mapping} ${id}`, idOn(coupling, otherSide(side)));
		}
	}
	return partners;
}

function withoutRelation(contact: SystemRecord): SyncError {
	return new SyncError({
		code: 'CONTACT_WITHOUT_RELATION',
		errorClass: 'data',
		system: 'businessCentral',
		recordId: contact.id,
		field: 'Company No.',
		message: `The company of contact ${contact.number} ${contact.name} (${companyNumberOf(contact)}) is neither a customer nor a vendor.`,
		hint: 'Create the company as customer or vendor (or link it with one) on its contact card in Business Central, or choose another company for the contact.',
	});
}

function companyUnclear(contact: SystemRecord): SyncError {
	return new SyncError({
		code: 'CONTACT_COMPANY_UNCLEAR',
		errorClass: 'data',
		system: 'businessCentral',
		recordId: contact.id,
		field: 'Company No.',
		message: `No customer or vendor of the name "${String(contact.values['companyName'] ?? '')}" is linked with company ${companyNumberOf(contact)} of contact ${contact.number} ${contact.name}.`,
		hint: 'Give the company contact and its customer or vendor the same name in Business Central.',
	});
}

function companyContactMissing(contact: SystemRecord, mapping: PartyMapping): SyncError {
	const kind = mapping === 'CUSTOMER' ? 'customer' : 'vendor';
	return new SyncError({
		code: 'COMPANY_CONTACT_MISSING',
		errorClass: 'data',
		system: 'businessCentral',
		recordId: contact.id,
		field: 'Company No.',
		message: `The ${kind} that the account of ${contact.name || contact.id} is coupled with has no company contact in Business Central.`,
		hint: `Choose a business relation code for ${kind}s on the page Marketing Setup in Business Central and run "Create Contacts from ${kind === 'customer' ? 'Customers' : 'Vendors'}", then use Couple Records → Retry.`,
	});
}

function withoutAccount(contact: SystemRecord): SyncError {
	return new SyncError({
		code: 'CONTACT_WITHOUT_ACCOUNT',
		errorClass: 'data',
		system: 'crm',
		recordId: contact.id,
		field: 'Company No.',
		message: `The CRM contact ${contact.name || contact.id} belongs to no account, so there is no company for it in Business Central.`,
		hint: 'Choose an account in the field Company of the contact in CRM, then synchronize it again.',
	});
}
