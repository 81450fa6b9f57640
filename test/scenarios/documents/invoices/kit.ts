import { synchronizeInvoices, updatePaymentStatus } from '../../../../engine';
import type { InvoiceJobRequest, InvoiceRequest, InvoiceResult } from '../../../../engine';
import type { SyncSession } from '../../../../engine/ports/session';
import { createWorld, type SessionOptions, type World } from '../../../kit/world';
import { company, deliver, item, resource, units } from '../../products/shop';

export type Row = Record<string, unknown>;

/** A line of an invoice: an item or resource by its number, an account, or a comment. */
export interface Line {
	item?: string;
	resource?: string;
	account?: string;
	comment?: string;
	quantity?: number;
	price?: number;
	discount?: number;
	values?: Row;
}

/** A company that has posted invoices, with its master data coupled: items 1000 (100.00) and 2000, the resource LINA, the customer Adatum. */
export interface Office {
	world: World;
	account: string;
	customer: string;
	/** An invoice, posted unless said otherwise; answers its id. */
	invoice(lines: readonly Line[], values?: Row, options?: { post?: boolean; discount?: number }): string;
	bcInvoice(id: string): Row;
	pay(id: string, amount?: number): void;
	run(request?: InvoiceRequest, options?: SessionOptions): Promise<InvoiceResult>;
	payments(request?: InvoiceJobRequest, options?: SessionOptions): Promise<InvoiceResult>;
	use<T>(work: (session: SyncSession) => Promise<T>, options?: SessionOptions): Promise<T>;
	/** Invoices of CRM by their number. */
	crmInvoices(): Row[];
	crmInvoice(number: unknown): Row;
	/** Lines of an invoice of CRM by their number. */
	crmLines(invoice: Row): Row[];
	close(): Promise<void>;
}

const MASTER_DATA = ['CURRENCY', 'PAYMENT TERMS', 'SHIPMENT METHOD', 'CUSTOMER', 'UNIT GROUP', 'UNIT OF MEASURE', 'ITEM UOM', 'RESOURCE UOM', 'ITEM-PRODUCT', 'RESOURCE-PRODUCT']; // prettier-ignore

export async function openOffice(settings: Row = {}): Promise<Office> {
	const world = await createWorld();
	const { crm } = world.sandbox;
	units(world, 'PCS', 'BOX', 'HOUR');
	item(world, '1000', {}, { BOX: 10 });
	item(world, '2000', { unitPrice: 7.5 });
	item(world, 'MISC', { unitPrice: 0 });
	resource(world, 'LINA');
	company(world).data.insert('G/L Account', { 'No.': '8100', Name: 'Freight', 'Direct Posting': true }, 'ANNA');
	await world.settings({ writeInItem: 'MISC', ...settings });
	const customer = String(
		company(world).insert('customers', {
			number: 'C1',
			displayName: 'Adatum',
			addressLine1: 'Home Street 1',
			city: 'London',
			blocked: '_x0020_',
		})['id'],
	).toLowerCase();
	await deliver(world, { mappings: MASTER_DATA });
	const account = String(crm.rows('account').find(({ name }) => name === 'Adatum')!['accountid']);
	const use: Office['use'] = async (work, options) => {
		const session = await world.open(options);
		try {
			return await work(session);
		} finally {
			await session.store.close();
		}
	};
	const itemId = (number: string): unknown =>
		company(world)
			.rows('items')
			.find((row) => row['number'] === number)!['id'];
	const lineOf = ({ item: number, resource: person, account: ledger, comment, quantity = 1, price, discount, values = {} }: Line): Row =>
		comment !== undefined
			? { lineType: 'Comment', description: comment }
			: {
					...(number !== undefined
						? { lineType: 'Item', itemId: itemId(number) }
						: { lineType: person === undefined ? 'Account' : 'Resource', lineObjectNumber: person ?? ledger }),
					quantity,
					...(price === undefined ? {} : { unitPrice: price }),
					...(discount === undefined ? {} : { discountAmount: discount }),
					...values,
				};
	const crmInvoices = (): Row[] => crm.rows('invoice') as Row[];
	return {
		world,
		account,
		customer,
		invoice(lines, values = {}, { post = true, discount } = {}) {
			const made = company(world).insert('salesInvoices', { customerId: customer, ...values, salesInvoiceLines: lines.map(lineOf) });
			const id = String(made['id']).toLowerCase();
			if (discount !== undefined) company(world).update('salesInvoices', id, { discountAmount: discount });
			if (post) company(world).act('salesInvoices', id, 'post');
			return id;
		},
		bcInvoice: (id) =>
			company(world)
				.rows('salesInvoices')
				.find((row) => String(row['id']).toLowerCase() === id)!,
		pay: (id, amount) => void company(world).clerk.pay(id, amount),
		run: (request = {}, options) => use((session) => synchronizeInvoices(session, request), options),
		payments: (request = {}, options) => use((session) => updatePaymentStatus(session, request), options),
		use,
		crmInvoices,
		crmInvoice(number) {
			const row = crmInvoices().find((each) => each['invoicenumber'] === number);
			if (!row) throw new Error(`CRM has no invoice ${String(number)}.`);
			return row;
		},
		crmLines: (invoice) =>
			(crm.rows('invoicedetail') as Row[])
				.filter((line) => line['invoiceid'] === invoice['invoiceid'])
				.sort((a, b) => Number(a['lineitemnumber']) - Number(b['lineitemnumber'])),
		close: () => world.close(),
	};
}

/** A test in an office of its own. */
export const inOffice =
	(test: (office: Office) => Promise<void>, settings: Row = {}) =>
	async (): Promise<void> => {
		const office = await openOffice(settings);
		try {
			await test(office);
		} finally {
			await office.close();
		}
	};

export const codesOf = ({ job }: InvoiceResult): string[] => job.failed.map(({ errorCode }) => errorCode);
/** State and status, as `0/4`. */
export const stateOf = (row: Row): string => `${String(row['statecode'])}/${String(row['statuscode'])}`;

/** A credit memo over 5.00 and VAT of a posted invoice, posted; answers its number. */
export function credit(office: Office, invoiceId: string): string {
	const item = company(office.world)
		.rows('items')
		.find(({ number }) => number === '1000')!;
	const memo = company(office.world).insert('salesCreditMemos', {
		customerId: office.customer,
		invoiceId,
		salesCreditMemoLines: [{ lineType: 'Item', itemId: item['id'], quantity: 1, unitPrice: 5 }],
	});
	company(office.world).clerk.postCreditMemo(String(memo['id']));
	return String(
		company(office.world)
			.rows('salesCreditMemos')
			.find(({ id }) => id === memo['id'])!['number'],
	);
}
