import { COMPANY_COLUMN } from '../../model/companyColumn';
import { isOursOrNobodys } from '../../mapping/companyOfRow';
import { contact } from '../../defaults/contact';
import type { FieldValue, LookupValue, SystemRecord } from '../../model/record';
import type { SyncSession } from '../../ports/session';
import type { LinkedOrder, RunLookups } from './invoiceLookups';
import type { PostedInvoice } from './postedInvoice';
import { CRM_ORDERS, ORDER_MAPPING } from './tables';

const COLUMNS = ['customerid', 'accountid', 'contactid', 'ownerid', 'owningteam', 'opportunityid', 'pricelevelid', 'transactioncurrencyid'];

/**
 * The CRM orders that invoices belong to: that of the order of Business Central they were posted from, which they name also when it is gone; otherwise the
 * one whose number stands in Your Reference. Three requests, and two looks into the store.
 */
export async function linkedOrders(
	session: SyncSession,
	{ companyRowId }: Pick<RunLookups, 'companyRowId'>,
	invoices: readonly PostedInvoice[],
): Promise<Map<string, LinkedOrder | 'several'>> {
	const { store, crm } = session;
	const ids = [...new Set(invoices.flatMap(({ orderId }) => orderId ?? []))];
	const documents = ids.length > 0 ? await store.documentsOf(ORDER_MAPPING, 'businessCentral', ids) : new Map();
	const columns = [...COLUMNS, ...(companyRowId === null ? [] : [COMPANY_COLUMN])];
	const wanted = [...documents.values()].map(({ crmId }) => crmId);
	const byId = wanted.length > 0 ? await crm.readByIds(CRM_ORDERS, wanted, columns) : new Map<string, SystemRecord>();
	const rowOf = ({ orderId }: PostedInvoice): SystemRecord | undefined =>
		orderId === null ? undefined : byId.get(documents.get(orderId)?.crmId ?? '');
	const references = [...new Set(invoices.flatMap((invoice) => (rowOf(invoice) || invoice.reference === '' ? [] : [invoice.reference])))];
	const named = references.length > 0 ? await crm.readByValues(CRM_ORDERS, 'ordernumber', references, columns) : [];
	const found = new Map<string, SystemRecord | 'several'>();
	for (const invoice of invoices) {
		const row = rowOf(invoice);
		const hits = row ? [row] : named.filter((order) => isSame(order.number, invoice.reference) && isOursOrNobodys(companyRowId, order));
		if (hits[0]) found.set(invoice.id, hits.length > 1 ? 'several' : hits[0]);
	}
	return await described(session, found);
}

const isSame = (number: string, reference: string): boolean =>
	reference !== '' && number.trim().toLowerCase() === reference.trim().toLowerCase();

async function described(
	{ crm, store }: SyncSession,
	found: ReadonlyMap<string, SystemRecord | 'several'>,
): Promise<Map<string, LinkedOrder | 'several'>> {
	const orders = [...found.values()].flatMap((order) => (order === 'several' ? [] : [order]));
	const persons = [...new Set(orders.flatMap(({ values }) => idOf(values['contactid']) ?? []))];
	const contacts =
		persons.length > 0 ? await crm.readByIds(contact.mapping.crm, persons, ['parentcustomerid']) : new Map<string, SystemRecord>();
	const accountOf = ({ values }: SystemRecord): string | null =>
		idOf(values['accountid']) ?? idOf(contacts.get(idOf(values['contactid']) ?? '')?.values['parentcustomerid']);
	const couplings = await store.couplingsOf(
		'CUSTOMER',
		'crm',
		orders.flatMap((order) => accountOf(order) ?? []),
	);
	return new Map(
		[...found].map(([invoice, order]): [string, LinkedOrder | 'several'] => {
			if (order === 'several') return [invoice, order];
			const accountId = accountOf(order);
			return [invoice, linked(order, accountId, accountId === null ? null : (couplings.get(accountId)?.bcId ?? null))];
		}),
	);
}

function linked({ id, number, name, values }: SystemRecord, accountId: string | null, customerId: string | null): LinkedOrder {
	const [account, person] = [idOf(values['accountid']), idOf(values['contactid'])];
	const owner = idOf(values['ownerid']);
	return {
		id,
		number,
		name,
		customer: account ? lookup('account', account) : person ? lookup('contact', person) : null,
		accountId,
		customerId,
		owner: owner === null ? null : lookup(idOf(values['owningteam']) === null ? 'systemuser' : 'team', owner),
		opportunityId: idOf(values['opportunityid']),
		priceListId: idOf(values['pricelevelid']),
		currencyId: idOf(values['transactioncurrencyid']),
	};
}

const lookup = (table: string, id: string): LookupValue => ({ table, id });
const idOf = (value: FieldValue | undefined): string | null => (typeof value === 'string' && value !== '' ? value : null);
