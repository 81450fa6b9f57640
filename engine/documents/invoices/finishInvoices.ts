import type { CoupledDocument } from '../../model/document';
import { attachPdfs } from './attachPdf';
import { creditMemosOf, tellCreditMemos } from './creditMemos';
import { keptChanging, refused } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { through } from './payment';
import { paymentOf } from './postedInvoice';
import { CRM_INVOICES, CRM_STATE } from './tables';

/**
 * Ends the creation of invoices: PDF, then Active / Billed and on to what is paid of it in one change set, then the couple. What died before that is
 * unfinished by its state, and the next run completes it.
 */
export async function finishInvoices(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<void> {
	if (works.length === 0) return;
	const { session, job, report } = context;
	await attachPdfs(context, works);
	const outcomes = await session.crm.write(
		CRM_INVOICES,
		works.map(({ crm, invoice }) => through(crm!, paymentOf(invoice) ?? 'billed')),
		CRM_STATE,
	);
	const done: InvoiceWork[] = [];
	for (const [index, outcome] of outcomes.entries()) {
		const work = works[index]!;
		if (outcome.status === 'written') {
			done.push(work);
			if (work.made !== 'created') job.recorder.count('modified');
		} else report.fail(work, outcome.status === 'failed' ? refused(work.invoice, outcome.error) : keptChanging(work.invoice));
	}
	// Before the couple: what died here is looked at again.
	await tellOfCredits(context, done);
	await finished(context, done, (work) => (work.made === 'created' ? 'created' : 'completed'));
	await job.commit(report.take());
}

/** Credit memos that were posted before CRM had the invoices. */
export async function tellOfCredits(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<void> {
	const memos = await creditMemosOf(
		context,
		works.map(({ row }) => row),
	);
	await tellCreditMemos(
		context,
		works.flatMap(({ document }) => document ?? []),
		memos,
	);
}

/** Makes durable that the invoices are there, with what CRM was told of their payment. */
export async function finished(
	{ job, report }: InvoiceContext,
	works: readonly InvoiceWork[],
	action: (work: InvoiceWork) => 'created' | 'completed' | 'coupled',
): Promise<void> {
	if (works.length === 0) return;
	const now = job.recorder.now();
	const documents = works.map(({ document, invoice, crm }): CoupledDocument => {
		const payment = paymentOf(invoice) ?? 'billed';
		const { number = document!.crmNumber, name = document!.name } = crm ?? {};
		return { ...document!, stage: 'handedOver', crmNumber: number, name, payment, goneSince: null, handedOverAt: now };
	});
	for (const [index, work] of works.entries()) {
		report.done({ ...work, document: documents[index]! }, action(work));
	}
	const intentsDone = works.map(({ row }) => ({ mapping: documents[0]!.mapping, direction: 'toCrm' as const, sourceId: row.id }));
	await job.commit({ documents, intentsDone, ...report.take() });
}
