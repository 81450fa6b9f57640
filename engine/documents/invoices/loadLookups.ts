import type { SyncSession } from '../../ports/session';
import { spelledCode } from '../../model/upperCase';
import type { InvoiceLookups, RunLookups } from './invoiceLookups';
import type { InvoiceWork } from './invoiceWork';
import { currency } from '../../defaults/currency';
import { linkedOrders } from './linkedOrders';
import { dayOf } from './postedInvoice';
import { soldObjects } from './soldObjects';
import { BC_SHIPMENTS } from './tables';

const SALESPEOPLE = { name: 'salespeoplePurchasers', numberField: 'code', nameField: 'displayName' };

/** What the invoices of a page refer to. Some eight requests a page. */
export async function loadLookups(session: SyncSession, run: RunLookups, works: readonly InvoiceWork[]): Promise<InvoiceLookups> {
	const invoices = works.map(({ invoice }) => invoice);
	const couplings = await session.store.couplingsOf(
		'CUSTOMER',
		'businessCentral',
		invoices.map(({ customerId }) => customerId),
	);
	return {
		...run,
		currencies: await currencies(
			session,
			invoices.map(({ currency }) => currency || run.localCurrency),
		),
		accounts: new Map([...couplings].map(([id, { crmId }]) => [id, crmId])),
		orders: await linkedOrders(session, run, invoices),
		...(await soldObjects(
			session,
			works.flatMap(({ lines }) => lines),
			run.settings.unitGroups,
		)),
		salespeople: run.ownedByPersons
			? await salespeople(
					session,
					invoices.map(({ salesperson }) => salesperson),
				)
			: new Map(),
		shipments: await shipments(
			session,
			invoices.map(({ orderNumber }) => orderNumber),
		),
	};
}

const named = (values: readonly string[]): string[] => [...new Set(values.filter((value) => value !== '').map(spelledCode))];

/** By code: their ids, and the digits they have behind the decimal sign. */
async function currencies({ crm }: SyncSession, codes: readonly string[]): Promise<InvoiceLookups['currencies']> {
	const rows = await crm.readByValues(currency.mapping.crm, 'isocurrencycode', named(codes), ['currencyprecision']);
	return new Map(
		rows.map(({ id, number, values }) => {
			const places = values['currencyprecision'];
			return [spelledCode(number), { id, places: typeof places === 'number' ? places : 2 }];
		}),
	);
}

/** A code that no salesperson has is not in the answer: it tells nothing about the owner. */
async function salespeople({ businessCentral, store }: SyncSession, codes: readonly string[]): Promise<Map<string, string | null>> {
	const rows = await businessCentral.readByValues(SALESPEOPLE, 'code', named(codes), []);
	const couplings = await store.couplingsOf(
		'SALESPEOPLE',
		'businessCentral',
		rows.map(({ id }) => id),
	);
	return new Map(rows.map(({ id, number }) => [spelledCode(number), couplings.get(id)?.crmId ?? null]));
}

/** Posting day of the newest shipment of each order. */
async function shipments({ businessCentral }: SyncSession, orders: readonly string[]): Promise<Map<string, string>> {
	const found = new Map<string, string>();
	for (const { values } of await businessCentral.readByValues(BC_SHIPMENTS, 'orderNumber', named(orders), ['orderNumber', 'postingDate'])) {
		const order = spelledCode(values['orderNumber']);
		const day = dayOf(values['postingDate']);
		if (day !== null && day > (found.get(order) ?? '')) found.set(order, day);
	}
	return found;
}
