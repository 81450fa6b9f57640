import type { HeldLease } from '../../jobs/lease';
import type { RunningJob } from '../../jobs/jobPlan';
import type { Intent } from '../../model/intent';
import type { SyncSession } from '../../ports/session';
import type { InvoiceReport } from './invoiceReport';
import type { RunLookups } from './invoiceLookups';

/** What a run that writes to invoices is and works with, whatever of them it brings. */
export interface PaymentContext {
	readonly session: SyncSession;
	readonly job: RunningJob;
	readonly held: HeldLease;
	readonly report: InvoiceReport;
	/** Nothing is written. */
	readonly preview: boolean;
}

/** What a run that brings invoices is and works with. */
export interface InvoiceContext extends PaymentContext {
	readonly run: RunLookups;
	/** Creations that earlier runs announced, by id of the invoice. */
	readonly intents: ReadonlyMap<string, Intent>;
	/** A person named the invoices: they are created whatever their age, and one that cannot be is told so. */
	readonly chosen: boolean;
	/** Invoices that CRM does not have yet are created: those posted from this day on; null for none, empty for all. */
	readonly createFrom: string | null;
	readonly attachPdf: boolean;
	/** A person says that amounts which differ count as they are. */
	readonly accepts: boolean;
}
