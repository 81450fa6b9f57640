import { Decimal } from '../../model/decimal';
import type { SystemRecord } from '../../model/record';
import { STATUS } from '../kernel/orderStatus';
import type { BcOrderState } from './states';

/** A line of an order of Business Central; text lines are none. */
export interface SoldLine {
	sequence: number;
	quantity: number;
	shipped: number;
	invoiced: number;
	/** Without VAT. */
	net: number;
}

/** A posted invoice of an order. */
export interface PostedPart {
	number: string;
	status: string;
	remaining: number;
	total: number;
	/** ISO code; empty for the local currency. */
	currency: string;
}

export interface OrderFacts {
	number: string;
	/** Of API v2.0: `Draft`, `In_x0020_Review`, `Open` (released); null where the order is gone. */
	status: string | null;
	lines: readonly SoldLine[];
	posted: readonly PostedPart[];
	/** Shipments of it were posted. */
	hasShipments: boolean;
	tracking: string;
	/** CRM was told before that all of it is invoiced. */
	wasInvoiced: boolean;
	localCurrency: string;
}

export interface Progress {
	state: BcOrderState;
	/** `submitstatus`. */
	status: number;
	/** `submitstatusdescription`: one line for people. */
	text: string;
	/** Open amount of its invoices. */
	remaining: number;
	/** Nothing more can become of it in Business Central. */
	isOver: boolean;
}

/** As OData spells a name with a blank. */
const IN_REVIEW = 'In_x0020_Review';
/** Longest text of `submitstatusdescription`. */
const LONGEST = 2_000;
/** Invoices that the text names. */
const NAMED = 10;

/** Sold lines of an order, by its sequence. */
export function soldLines(lines: readonly SystemRecord[]): SoldLine[] {
	const number = (value: unknown): number => (typeof value === 'number' ? value : 0);
	return lines
		.filter(({ values }) => values['lineType'] !== 'Comment' && number(values['quantity']) !== 0)
		.map(({ values }) => ({
			sequence: number(values['sequence']),
			quantity: number(values['quantity']),
			shipped: number(values['shippedQuantity']),
			invoiced: number(values['invoicedQuantity']),
			net: number(values['netAmount']),
		}));
}

/** How far an order has come. Pure. */
export function progressOf(facts: OrderFacts): Progress {
	const state = stateOf(facts);
	const remaining = facts.posted.reduce((sum, { status, remaining: open }) => (status === 'Open' ? sum + open : sum), 0);
	const status = statusOf(facts, state);
	return {
		state,
		status,
		remaining: Decimal.orZero(remaining).rounded(2).toNumber(),
		text: textOf(facts, state).slice(0, LONGEST),
		isOver:
			state === 'posted' &&
			(status === STATUS.paid || status === STATUS.canceled || (status === STATUS.invoiced && facts.posted.length === 0)),
	};
}

/**
 * Something invoiced, nothing outstanding, and nothing that was only shipped: each order by its own lines, because an invoice may be one for several orders.
 * An order that was shipped can only be deleted once what was shipped is invoiced: one that is gone, and has shipments, was invoiced.
 */
function stateOf({ status, lines, posted, hasShipments, wasInvoiced }: OrderFacts): BcOrderState {
	if (status === null) return posted.length > 0 || hasShipments || wasInvoiced ? 'posted' : 'gone';
	const isInvoiced = lines.some(({ invoiced }) => invoiced !== 0) && lines.every(({ quantity, invoiced }) => quantity === invoiced);
	if (isInvoiced) return 'invoiced';
	return status === 'Open' ? 'released' : 'draft';
}

function statusOf({ status, lines, posted }: OrderFacts, state: BcOrderState): number {
	if (state === 'invoiced' || state === 'posted') {
		const counting = posted.filter((part) => part.status !== 'Canceled');
		if (posted.length > 0 && counting.length === 0) return STATUS.canceled;
		if (counting.length === 0) return STATUS.invoiced;
		if (counting.every((part) => part.status !== 'Open')) return STATUS.paid;
		const isPartly = counting.some((part) => part.status !== 'Open' || part.remaining !== part.total);
		return isPartly ? STATUS.partlyPaid : STATUS.invoiced;
	}
	if (lines.some(({ invoiced }) => invoiced !== 0)) return STATUS.partlyInvoiced;
	if (lines.some(({ shipped }) => shipped !== 0))
		return lines.every(({ quantity, shipped }) => shipped === quantity) ? STATUS.shipped : STATUS.partlyShipped;
	if (status === 'Open') return STATUS.released;
	return status === IN_REVIEW ? STATUS.inReview : STATUS.imported;
}

function textOf(facts: OrderFacts, state: BcOrderState): string {
	const { number, status, lines, posted, tracking } = facts;
	const parts = [`Business Central order ${number}`];
	if (state === 'released') parts.push('released');
	if (state === 'draft' && status === IN_REVIEW) parts.push('in review');
	if (state === 'invoiced' || state === 'posted') parts.push('invoiced');
	if (state !== 'posted') parts.push(...shippedText(lines), ...(state === 'invoiced' ? [] : invoicedText(lines)));
	for (const part of posted.slice(0, NAMED)) parts.push(`${part.number} ${paidText(part, facts.localCurrency)}`);
	if (posted.length > NAMED) parts.push(`${posted.length - NAMED} more invoices`);
	if (tracking !== '') parts.push(`tracking ${tracking}`);
	return parts.join(' · ');
}

function shippedText(lines: readonly SoldLine[]): string[] {
	const shipped = percent(lines, ({ shipped: part }) => part, ({ quantity }) => quantity); // prettier-ignore
	if (shipped === 0) return [];
	const whole = lines.filter((line) => line.shipped === line.quantity).length;
	return [`${shipped} % shipped (${whole} of ${lines.length} ${lines.length === 1 ? 'line' : 'lines'})`];
}

/** By amount; of lines that cost nothing by quantity. */
function invoicedText(lines: readonly SoldLine[]): string[] {
	const priced = lines.some(({ net }) => net !== 0);
	const worth = ({ net, quantity }: SoldLine): number => (priced ? net : quantity);
	const invoiced = percent(lines, (line) => (worth(line) * line.invoiced) / line.quantity, worth);
	return invoiced === 0 ? [] : [`${invoiced} % invoiced`];
}

function percent(lines: readonly SoldLine[], part: (line: SoldLine) => number, whole: (line: SoldLine) => number): number {
	const sum = (of: (line: SoldLine) => number): number => lines.reduce((total, line) => total + of(line), 0);
	const all = sum(whole);
	if (all === 0) return 0;
	const share = Math.round((sum(part) / all) * 100);
	// Neither nothing nor everything, as long as it is neither.
	const [some, every] = [sum(part) !== 0, lines.every((line) => part(line) === whole(line))];
	return Math.min(Math.max(share, some ? 1 : 0), every ? 100 : 99);
}

function paidText({ status, remaining, currency }: PostedPart, localCurrency: string): string {
	if (status === 'Canceled' || status === 'Corrective') return 'cancelled';
	if (status === 'Paid') return 'paid';
	return `open ${Decimal.orZero(remaining).toFixed(2)} ${currency || localCurrency}`.trim();
}
