import type { BusinessCentralCompany } from '../businessCentral';
import type { Fields } from '../businessCentral/data/row';
import type { Random } from '../core/random';

/** Documents go to the first customers and items; there may be many more. */
const mostParties = 200;

type Set = 'salesQuotes' | 'salesOrders' | 'salesInvoices' | 'salesCreditMemos';

/** Makes documents the way a person does, through the rules; so numbers, totals, ledgers and stamps agree. */
class Writer {
	private readonly customers: string[];
	private readonly items: string[];
	private next = 0;

	constructor(
		private readonly company: BusinessCentralCompany,
		private readonly random: Random,
	) {
		const some = (table: string, free: (fields: Fields) => boolean): string[] => {
			const ids: string[] = [];
			for (const row of company.data.table(table).inKeyOrder()) {
				if (free(row.fields)) ids.push(row.id);
				if (ids.length === mostParties) break;
			}
			return ids;
		};
		this.customers = some('Customer', (fields) => (fields['Blocked'] ?? ' ') === ' ');
		this.items = some('Item', (fields) => fields['Blocked'] !== true);
	}

	get possible(): boolean {
		return this.customers.length > 0 && this.items.length > 0;
	}

	/** A document of the next customer with one to three lines; gives its id. */
	make(set: Set, values: Readonly<Record<string, unknown>> = {}): string {
		const customerId = this.customers[this.next++ % this.customers.length]!;
		const lines = Array.from({ length: 1 + this.random.whole(3) }, () => ({
			lineType: 'Item',
			itemId: this.random.pick(this.items),
			quantity: 2 + this.random.whole(8),
		}));
		const collection = `${set.slice(0, -1)}Lines`;
		const made = this.company.insert(set, { customerId, externalDocumentNumber: `PO-${1000 + this.next}`, ...values, [collection]: lines });
		return String(made['id']);
	}

	act(set: Set, id: string, action: string): void {
		this.company.act(set, id, action);
	}
}

/** Quotes, orders, invoices and credit memos in every state BC has for them. */
export function seedDocuments(company: BusinessCentralCompany, random: Random): void {
	const writer = new Writer(company, random);
	if (!writer.possible) return;
	const { clerk } = company;
	const invoice = (): string => {
		const id = writer.make('salesInvoices');
		writer.act('salesInvoices', id, 'post');
		return id;
	};
	writer.make('salesQuotes');
	company.setStatus('salesQuotes', writer.make('salesQuotes'), 'Sent');
	company.setStatus('salesQuotes', writer.make('salesQuotes', { acceptedDate: '2026-01-15' }), 'Accepted');
	company.setStatus('salesQuotes', writer.make('salesQuotes', { validUntilDate: '2025-12-31' }), 'Expired_x0020_');
	writer.act('salesQuotes', writer.make('salesQuotes'), 'makeOrder');

	writer.make('salesOrders');
	company.update('salesOrders', writer.make('salesOrders'), { discountAmount: 10 });
	clerk.sendForApproval(writer.make('salesOrders'));
	const released = writer.make('salesOrders');
	clerk.release(released);
	const shipped = writer.make('salesOrders');
	clerk.ship(shipped, { 10000: 1 });
	const invoiced = writer.make('salesOrders');
	clerk.ship(invoiced, { 10000: 2 });
	clerk.invoice(invoiced, { 10000: 1 });
	clerk.ship(writer.make('salesOrders'));
	writer.act('salesOrders', writer.make('salesOrders'), 'shipAndInvoice');

	writer.make('salesInvoices');
	invoice();
	clerk.pay(invoice(), 1);
	clerk.pay(invoice());
	company.update('salesInvoices', invoice(), { dueDate: '2025-12-01', disputeStatus: 'PRICE' });
	clerk.cancel(invoice());
	writer.act('salesInvoices', invoice(), 'makeCorrectiveCreditMemo');
	const credited = invoice();
	clerk.postCreditMemo(writer.make('salesCreditMemos', { invoiceId: credited }));
	writer.make('salesCreditMemos');
}
