import type { World } from '../../kit/world';
import { LateRequests } from '../faults';
import type { Row } from '../fields';
import { NO_FIGURES, type StoryFigures } from '../outcome';
import { companyOf } from './assortment';
import type { Stage } from './stage';

/** A line of an order as people entered it in CRM. */
export interface OrderLine {
	/** Id of the row in CRM. */
	id: string;
	/** Number of the item or resource; null for a line in words only. */
	product: string | null;
	text: string;
	quantity: number;
	price: number;
	/** Discount of the whole line. */
	discount: number;
}

/** Everything of an order that the other side must show. */
export interface OrderContent {
	lines: readonly OrderLine[];
	discount: number;
	freight: number;
}

export type CrmOrderState = 'active' | 'submitted' | 'canceled' | 'deleted';

/** An order that somebody entered in CRM. */
export interface Order {
	/** The beginning of its name, which nobody edits. */
	mark: string;
	id: string;
	number: string;
	state: CrmOrderState;
	content: OrderContent;
	/** It was changed after it had been submitted for the first time. */
	changed: boolean;
	submitted: boolean;
	/** What it held when CRM was told that Business Central has it; null before that. */
	handedOver: OrderContent | null;
	/** People changed the order of Business Central: it holds what they say. */
	touched: { beforeHandOver: boolean; afterHandOver: boolean; released: boolean; deleted: boolean };
}

/** What CRM's people did to the row of a posted invoice, by its number. */
export interface InvoiceNote {
	/** It was deleted: before it was complete, which may bring it back, or afterwards. */
	deleted?: 'unfinished' | 'complete';
	/** Lines or a status of their own. */
	lines?: true;
	status?: true;
	/** It was paid or cancelled at some time, so that its content was closed. */
	closed?: true;
}

/**
 * People with documents in both systems: what they entered, did, and were told, kept without asking the engine. What it finds broken ends the
 * story.
 */
export class Office {
	readonly figures: StoryFigures = { ...NO_FIGURES };
	readonly plot: string[] = [];
	readonly found: string[] = [];
	readonly orders: Order[] = [];
	/** By number of the invoice. */
	readonly invoices = new Map<string, InvoiceNote>();
	/** Ids of orders of Business Central that people deleted there. */
	readonly deletedInBc = new Set<string>();
	/** `<id of the CRM order or number of the invoice> <code>`, of every failure and warning that a run told. */
	readonly told = new Set<string>();
	/** Order import is under way. */
	importing = false;
	readonly late: LateRequests;
	private token = 0;

	/** `calm`: no process dies, and no answer is lost. */
	constructor(
		readonly stage: Stage,
		readonly calm: boolean,
	) {
		this.late = new LateRequests(stage.world);
	}

	get world(): World {
		return this.stage.world;
	}

	next(): number {
		return ++this.token;
	}

	tell(what: string): void {
		this.plot.push(`${new Date(this.world.clock.now()).toISOString().slice(5, 19)} ${what}`);
	}

	broken(what: string): void {
		this.found.push(what);
		this.tell(`BROKEN: ${what}`);
	}

	crmOrder({ id }: Order): Row | undefined {
		return this.world.sandbox.crm.row('salesorder', id) as Row | undefined;
	}

	/** Orders of Business Central that were made of it and are there: by the number it is found by, or its name. */
	bcOrders(order: Order): Row[] {
		return companyOf(this.world)
			.rows('salesOrders')
			.filter((row) => isOf(order, row));
	}

	/** Posted invoices of the order, by the number they carry on from it. */
	invoicesOf(order: Order): Row[] {
		return this.postedInvoices().filter((row) => isOf(order, row));
	}

	postedInvoices(): Row[] {
		return companyOf(this.world)
			.rows('salesInvoices')
			.filter(({ status }) => status !== 'Draft' && status !== 'In Review');
	}

	note(number: unknown): InvoiceNote {
		const known = this.invoices.get(String(number));
		if (known) return known;
		const fresh: InvoiceNote = {};
		this.invoices.set(String(number), fresh);
		return fresh;
	}

	/** To be called before anybody does something: what CRM was told meanwhile stands for what the order held until now. */
	look(): void {
		for (const order of this.orders) {
			const row = this.crmOrder(order);
			if (!row || order.handedOver) continue;
			if (isStamped(row)) order.handedOver = order.content;
		}
		for (const { invoicenumber, statecode } of this.world.sandbox.crm.rows('invoice'))
			if (statecode !== 0) this.note(invoicenumber).closed = true;
		this.lookForTwins();
	}

	/** No order is there twice, at any time. */
	private lookForTwins(): void {
		for (const order of this.orders) {
			const living = this.bcOrders(order).map(({ id }) => String(id).toLowerCase());
			const posted = this.invoicesOf(order).map(({ orderId }) => String(orderId).toLowerCase());
			const all = new Set([...living, ...posted].filter((id) => !this.deletedInBc.has(id)));
			if (all.size > 1) this.broken(`order ${order.mark} is ${all.size} times in Business Central`);
		}
	}
}

export const isStamped = (row: Row): boolean => typeof row['lastbackofficesubmit'] === 'string' && row['lastbackofficesubmit'] !== '';

function isOf({ mark, number }: Order, row: Row): boolean {
	const carried = String(row['externalDocumentNumber'] ?? '').toUpperCase();
	return carried === number.toUpperCase() || carried === mark || carried.startsWith(`${mark} `);
}
