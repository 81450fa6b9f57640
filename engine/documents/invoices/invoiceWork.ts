import type { CoupledDocument, PaymentState } from '../../model/document';
import type { DocumentAmounts, Reconciliation } from '../../model/documentAmounts';
import type { LogRecordRef } from '../../model/logEntry';
import type { FieldName, FieldValue, LookupValue, SystemRecord } from '../../model/record';
import type { Decimal } from '../../model/decimal';
import type { InvoiceLine, PostedInvoice } from './postedInvoice';

export type CrmValues = Readonly<Record<FieldName, FieldValue | LookupValue>>;

/** A line as it is created in CRM. */
export interface PlannedInvoiceLine {
	id: string;
	values: CrmValues;
}

/** A price that the price list of an invoice has to have. */
export interface ListPrice {
	productId: string;
	unitId: string;
	amount: number;
}

/** What an invoice is to be in CRM. */
export interface PlannedInvoice {
	/** Sent with the creation and never again. */
	once: CrmValues;
	/** Written again when they change in Business Central. */
	kept: CrmValues;
	lines: readonly PlannedInvoiceLine[];
	/** The list of its order; null: the list of its currency. */
	priceListId: string | null;
	prices: readonly ListPrice[];
	currency: { code: string; id: string; places: number };
	/** By Business Central; `discount` without VAT. */
	amounts: DocumentAmounts;
	/** What the prices lose by the digits that CRM keeps: it goes into the rounding line, whatever the tolerance. */
	lost: Decimal;
	warnings: readonly string[];
}

/** An invoice on its way through a page: what was read of it, and how far it has come. */
export interface InvoiceWork {
	row: SystemRecord;
	invoice: PostedInvoice;
	lines: readonly InvoiceLine[];
	/** Id that its CRM row has, or is to have. */
	crmId: string;
	document: CoupledDocument | null;
	/** The CRM row as it was last seen; null where there is none. */
	crm: SystemRecord | null;
	plan?: PlannedInvoice;
	/** Lines of the CRM row. */
	crmLines?: readonly SystemRecord[];
	amounts?: Reconciliation;
	made?: 'created' | 'met';
	warnings: string[];
}

/** What became of an invoice, as an item shows it. */
export interface InvoiceOutcome {
	action: 'created' | 'completed' | 'coupled' | 'updated' | 'unchanged' | 'wouldCreate' | 'wouldComplete' | 'wouldUpdate';
	businessCentral: LogRecordRef;
	crm: LogRecordRef;
	/** What CRM is told, or in a preview would be. */
	payment: PaymentState | null;
	amounts: Reconciliation | null;
	/** What would be sent, in a preview. */
	sends?: { header: CrmValues; lines: readonly CrmValues[] };
	warnings: readonly string[];
}
