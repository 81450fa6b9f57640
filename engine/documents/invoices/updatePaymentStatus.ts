import type { CoupledDocument } from '../../model/document';
import type { SystemRecord } from '../../model/record';
import { chunksOf } from '../../model/chunks';
import type { SyncSession } from '../../ports/session';
import { forgetGone } from './dueInvoices';
import type { PaymentContext } from './invoiceContext';
import { invoiceJob, type InvoiceJobRequest, type InvoiceResult } from './invoiceJob';
import { type PaymentChange, tellPayments } from './payment';
import { paymentOf, toInvoice } from './postedInvoice';
import { ReadingMark } from '../kernel/readingMark';
import { BC_INVOICES, INVOICE_MAPPING, PAYMENT_FIELDS, PAYMENT_READING } from './tables';

/** Invoices whose payment is told at a time. */
const AT_ONCE = 200;
const CLOSED = "(status eq 'Paid' or status eq 'Canceled' or status eq 'Corrective')";

/**
 * Tells CRM how far the invoices it has are paid. What remains of an invoice moves no stamp while it stays open: so all open ones are read, 20,000 in a
 * request, and compared with what CRM was told last. Those that are not open any more are found by their stamps, and by being missing from the open ones.
 */
export const updatePaymentStatus = (session: SyncSession, request: InvoiceJobRequest = {}): Promise<InvoiceResult> =>
	invoiceJob(session, request, async (context) => {
		const mark = await ReadingMark.open(context.session, PAYMENT_READING);
		const open = new Set<string>();
		const hidden = await openInvoices(context, open);
		mark.begin();
		await closedInvoices(context, mark);
		await missingInvoices(context, open);
		if (hidden > 0) tellHidden(context, hidden);
		const watermark = context.report.unexpected || context.preview ? undefined : mark.end();
		if (watermark) await context.job.commit({ ...context.report.take(), watermark });
		return undefined;
	});

/** Answers how many there are of which nobody can tell what remains. */
async function openInvoices(context: PaymentContext, open: Set<string>): Promise<number> {
	const { session, job } = context;
	let hidden = 0;
	let from: string | null = null;
	do {
		const page = await session.businessCentral.readVersions({
			table: BC_INVOICES,
			fields: PAYMENT_FIELDS,
			filter: "status eq 'Open'",
			from,
		});
		for (const row of page.records) {
			open.add(row.id);
			if (paymentOf(toInvoice(row)) === null) hidden++;
		}
		await job.checkpoint();
		await compare(context, page.records);
		from = page.next;
	} while (from !== null);
	return hidden;
}

async function closedInvoices(context: PaymentContext, mark: ReadingMark): Promise<void> {
	if (!mark.isKnown) return;
	const query = { table: BC_INVOICES, fields: PAYMENT_FIELDS, filter: CLOSED, since: mark.since, pageSize: 5_000 };
	for await (const rows of context.session.businessCentral.readChanges(query)) {
		await context.job.checkpoint();
		await compare(context, rows);
	}
}

/** Invoices that CRM was told are open, and are not: paid, cancelled, or deleted, whatever stamps they bear. */
async function missingInvoices(context: PaymentContext, open: ReadonlySet<string>): Promise<void> {
	const { session } = context;
	let next: string | undefined;
	do {
		const query = { mapping: INVOICE_MAPPING, payments: ['billed', 'partial'] as const, limit: 1_000, ...(next ? { next } : {}) };
		const page = await session.store.listDocuments(query);
		const ids = page.rows.filter(isTold).flatMap(({ bcId }) => (bcId !== null && !open.has(bcId) ? [bcId] : []));
		if (ids.length > 0) {
			const rows = await session.businessCentral.readByIds(BC_INVOICES, ids, PAYMENT_FIELDS);
			await compare(context, [...rows.values()]);
			await forgetGone(
				context,
				ids.filter((id) => !rows.has(id)),
			);
		}
		next = page.next;
	} while (next);
}

/** Complete in CRM, and there. What is not complete yet gets its payment with its completion. */
const isTold = ({ stage, goneSince }: CoupledDocument): boolean => stage === 'handedOver' && goneSince === null;

/** Tells CRM of those that are not as it was told last. */
async function compare(context: PaymentContext, rows: readonly SystemRecord[]): Promise<void> {
	const { session, job, report } = context;
	for (const chunk of chunksOf(rows)) {
		const documents = await session.store.documentsOf(
			INVOICE_MAPPING,
			'businessCentral',
			chunk.map(({ id }) => id),
		);
		const changes = chunk.flatMap((row): PaymentChange[] => {
			const document = documents.get(row.id);
			const target = paymentOf(toInvoice(row));
			if (!document || !isTold(document) || target === null || report.failedNow.has(row.id)) return [];
			if (target !== document.payment) return [{ row: { ...row, number: row.number || document.bcNumber }, document, target }];
			job.recorder.count('unchanged');
			return [];
		});
		for (let start = 0; start < changes.length; start += AT_ONCE) {
			const told = await tellPayments(context, changes.slice(start, start + AT_ONCE));
			for (const { row, document, target } of told) {
				if (context.preview) job.recorder.count('modified');
				report.paid({ row, document, crmId: document.crmId, crm: null }, target);
			}
			if (!context.preview)
				await job.commit({ documents: told.map(({ document, target }) => ({ ...document, payment: target })), ...report.take() });
		}
	}
}

function tellHidden({ job }: PaymentContext, count: number): void {
	job.recorder.warn(
		`Of ${count} open ${count === 1 ? 'invoice' : 'invoices'} Business Central says that nothing remains, which cannot be. Nothing was written for ${count === 1 ? 'it' : 'them'}.`,
		{
			code: 'REMAINING_AMOUNT_HIDDEN',
			hint: 'Give the user of the Business Central credential the right to read customer ledger entries (table 21) and detailed customer ledger entries (table 379). An invoice that is being posted right now is right in the next run.',
		},
	);
}
