import type { CompanyData } from './data/companyData';
import type { Row } from './data/row';
import { archiveVersion } from './rules/documents/archives';
import { cancelInvoice, postCreditMemo } from './rules/documents/creditMemos';
import { adjustInventory } from './rules/documents/inventory';
import { payInvoice, unapplyInvoice } from './rules/documents/ledger';
import { invoice, ship, type Quantities } from './rules/documents/posting';
import { linesOf } from './rules/totals';
import type { Session } from './write/session';
import { deleteThrough } from './write/writer';
import { apiViews } from './model/schema';

/** How much of each line to ship or invoice, by line number; without it all that is left. */
export type ByLine = Readonly<Record<number, number>>;

/** What people at the keyboard do with sales documents and no API can: release, ship, invoice, take payments. All by SystemId. */
export class Clerk {
	constructor(
		private readonly company: CompanyData,
		private readonly user = 'ANNA',
	) {}

	release(order: string): void {
		this.status(order, 'Open');
	}

	reopen(order: string): void {
		this.status(order, 'Draft');
	}

	/** Sent for approval: neither open nor released. */
	sendForApproval(order: string): void {
		this.status(order, 'In Review');
	}

	/** Posts a shipment; gives its id. Throws when there is nothing left to ship. */
	ship(order: string, byLine?: ByLine): string {
		return this.within((session) => {
			const row = this.document(order);
			const shipment = ship(session, row, this.quantities([row], byLine, 'Quantity Shipped', 'Quantity'));
			if (!shipment) throw new Error(`There is nothing left to ship of ${order}.`);
			return shipment.id;
		});
	}

	/** Posts an invoice over what is shipped and not yet invoiced; gives its id. The order goes when all of it is invoiced. */
	invoice(order: string, byLine?: ByLine): string {
		return this.invoiceTogether([order], byLine);
	}

	/** One invoice for the shipments of several orders of a customer (Get Shipment Lines): it names no order. */
	invoiceTogether(orders: readonly string[], byLine?: ByLine): string {
		return this.within((session) => {
			const rows = orders.map((id) => this.document(id));
			const posted = invoice(session, rows, this.quantities(rows, byLine, 'Quantity Invoiced', 'Quantity Shipped'));
			if (!posted) throw new Error(`There is nothing shipped to invoice of ${orders.join(', ')}.`);
			return posted.id;
		});
	}

	/** Registers a payment of a posted invoice, all of it or an amount; gives the document number. */
	pay(invoiceId: string, amount?: number): string {
		return this.within((session) => payInvoice(session, this.document(invoiceId), amount));
	}

	/** Takes the last payment's application back. */
	unapply(invoiceId: string): void {
		this.within((session) => unapplyInvoice(session, this.document(invoiceId)));
	}

	cancel(invoiceId: string): void {
		this.within((session) => cancelInvoice(session, this.document(invoiceId)));
	}

	postCreditMemo(memo: string): void {
		this.within((session) => postCreditMemo(session, this.document(memo)));
	}

	/** Deletes an order, quote or draft, with an archive where the set-up asks for it. */
	delete(document: string): void {
		const row = this.document(document);
		const set =
			{ Quote: 'salesQuotes', Order: 'salesOrders', 'Credit Memo': 'salesCreditMemos' }[String(row.fields['Document Type'])] ??
			'salesInvoices';
		deleteThrough({ company: this.company, user: this.user }, apiViews.get(set)!, row);
	}

	/** Makes an archived version of an order or quote that stays. */
	archive(document: string): void {
		this.within((session) => archiveVersion(session, this.document(document)));
	}

	/** Puts goods into a location (a positive adjustment), or takes them out with a negative quantity. */
	adjust(itemNumber: string, quantity: number, location = ''): void {
		this.within((session) => adjustInventory(session, itemNumber, quantity, location));
	}

	private status(order: string, status: string): void {
		const row = this.document(order);
		this.company.modify('Sales Header', row, { ...row.fields, Status: status }, this.user);
	}

	private quantities(orders: readonly Row[], byLine: ByLine | undefined, done: string, of: string): Quantities {
		const lines = orders.flatMap((order) => linesOf(this.company, order)).filter(({ fields }) => fields['API Type'] !== 'Comment');
		const left = ({ fields }: Row) => Number(fields[of] ?? 0) - Number(fields[done] ?? 0);
		return new Map(lines.map((line) => [line.id, byLine ? (byLine[Number(line.fields['Line No.'])] ?? 0) : left(line)]));
	}

	private document(id: string): Row {
		const row = this.company.table('Sales Header').get(id.toLowerCase());
		if (!row) throw new Error(`There is no sales document ${id} in company ${this.company.settings.name}.`);
		return row;
	}

	private within<Result>(work: (session: Session) => Result): Result {
		return this.company.atomically(() => work({ company: this.company, user: this.user }));
	}
}
