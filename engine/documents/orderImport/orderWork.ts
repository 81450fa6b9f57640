import type { CoupledDocument } from '../../model/document';
import type { Reconciliation } from '../../model/documentAmounts';
import type { LogRecordRef } from '../../model/logEntry';
import type { FieldValue, SystemRecord } from '../../model/record';
import type { PlannedDocument, Properties } from '../kernel/plannedDocument';
import type { ReadOrder } from './readOrders';

/** An order on its way through a page: what was read of it, and how far it has come. */
export interface OrderWork extends ReadOrder {
	/** Its partner, as the store knows it; null before it has one. */
	document: CoupledDocument | null;
	/** The order of Business Central as it was last seen; null where it is not there. */
	bc: SystemRecord | null;
	/** Numbers of its posted invoices. */
	invoices: readonly string[];
	/** What it is to be; absent until it was planned. */
	plan?: PlannedDocument;
	/** What a page shows and API v2.0 does not write; by the names of the page. */
	details?: Properties;
	/** Lines of the order of Business Central. */
	bcLines?: readonly SystemRecord[];
	/** The run has created its partner, or met it. */
	made?: 'created' | 'met';
	/** Its lines that are assembled to order got their assembly orders in this run. */
	assembled?: boolean;
	/** The header was written as planned; what Business Central keeps otherwise is its own affair. */
	headerSent?: boolean;
	/** This run has given the order its company. */
	claimed?: boolean;
	/** Told with its outcome. */
	warnings: string[];
}

/** What became of an order, as an item shows it. */
export interface OrderOutcome {
	action:
		| 'created'
		| 'completed'
		| 'closed'
		| 'known'
		| 'wouldCreate'
		| 'wouldComplete'
		/** CRM was told what became of the order in Business Central. */
		| 'updated'
		/** The order is gone in one of the systems, and has no partner any more. */
		| 'uncoupled'
		| 'wouldUpdate'
		| 'wouldApply'
		| 'wouldClose'
		| 'wouldUncouple';
	crm: LogRecordRef;
	businessCentral: LogRecordRef | null;
	/** Numbers of posted invoices, where the order was posted. */
	invoices: readonly string[];
	amounts: Reconciliation | null;
	/** What would be sent, in a preview. */
	sends?: { header: Properties; lines: readonly Properties[]; discountAmount: FieldValue; externalDocumentNumber: string };
	warnings: readonly string[];
	/** How far it has come in Business Central, as CRM is told. */
	progress?: { status: number; text: string };
	/** What CRM would be told, in a preview: columns of the order, and of its lines. */
	tells?: { header: Readonly<Record<string, unknown>>; lines: ReadonlyArray<Readonly<Record<string, unknown>>> };
}
