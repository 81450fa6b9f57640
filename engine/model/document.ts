import type { Reconciliation } from './documentAmounts';

/**
 * How far a document has come:
 * - `open`: its partner exists, but something is still to be done before the partner counts as handed over;
 * - `held`: the amounts of the two differ, and a person decides;
 * - `handedOver`: the other side says that it has it;
 * - `closed`: both have come to their end, and neither is looked at any more.
 */
export type DocumentStage = 'open' | 'held' | 'handedOver' | 'closed';

/**
 * How far a posted invoice is paid: nothing of it, a part, all of it; or it was cancelled by a credit memo over all of it.
 */
export type PaymentState = 'billed' | 'partial' | 'paid' | 'canceled';

/** A line of a document of Business Central, and what it stands for. */
export interface CoupledLine {
	/** `sequence` (Line No.), chosen by us, so that a line that is sent twice is refused the second time. */
	sequence: number;
	/** `text`: further text of the line `crmId`; `freight`: the freight of the header. */
	kind: 'line' | 'text' | 'freight';
	/** Null while the answer did not tell it. */
	bcId: string | null;
	/** Null for freight, and for lines that only Business Central has. */
	crmId: string | null;
}

/** What was seen last of the two sides of a document that was handed over: while it is the same, there is nothing to look at. */
export interface DocumentLife {
	/** Version of the document in Business Central; null where it is not there any more. */
	businessCentral: string | null;
	/** Version of the CRM row after everything was told to it. */
	crm: string;
	/** How far it has come (`submitstatus`). */
	status: number;
	/** What remains to be paid of its open posted invoices, in their currency. */
	remaining: number;
	/**
	 * Fingerprint of what the document holds in CRM once what is being told to it has arrived; absent where nothing is under way. An answer that is lost
	 * must not make somebody's edit of what was told.
	 */
	telling?: string;
}

/** A sales document of CRM and its partner in Business Central: header and lines. Unique per (connection, mapping, crmId), and per bcId where there is one. */
export interface CoupledDocument {
	mapping: string;
	crmId: string;
	/** Null where the document needs no partner any more: it was posted by somebody before it could be coupled. */
	bcId: string | null;
	/** As last seen; for lists and logs. */
	crmNumber: string;
	bcNumber: string;
	name: string;
	stage: DocumentStage;
	/** Fingerprint of what the document held in CRM when its partner was made (`contentOf`). */
	content: string;
	/** Null until both sides' amounts were compared. */
	amounts: Reconciliation | null;
	/** Amounts a person has accepted (`amountsKey`); null for none. */
	accepted: string | null;
	/** Since when the partner is not found: ISO, UTC. A second look decides. */
	goneSince: string | null;
	/** ISO, UTC. */
	coupledAt: string;
	/** ISO, UTC; null before. */
	handedOverAt: string | null;
	/** Of an invoice: what CRM was told last of its payment; absent or null for nothing. */
	payment?: PaymentState | null;
	/** Of an order: what was seen of it last; absent or null for nothing. */
	life?: DocumentLife | null;
	/** In the order of their sequence. */
	lines: readonly CoupledLine[];
}

/** Which documents a list shows, in order of their CRM id. */
export interface DocumentQuery {
	mapping: string;
	stage?: DocumentStage;
	/** Only invoices of which CRM was told one of these last. */
	payments?: readonly PaymentState[];
	/** Part of a number or name. */
	text?: string;
	limit: number;
	/** From the page before. */
	next?: string;
}
