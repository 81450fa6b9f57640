import type { CoupledDocument } from '../../model/document';
import type { SystemRecord } from '../../model/record';
import { attachPdfs } from './attachPdf';
import { createInvoices, newDocument } from './createInvoices';
import { finished, finishInvoices, tellOfCredits } from './finishInvoices';
import { notPosted } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { known, wanted } from './knownInvoices';
import { loadLookups } from './loadLookups';
import { meetInvoices } from './meetInvoices';
import { tellPayments } from './payment';
import { planInvoice } from './plan';
import { isPosted, paymentOf, toInvoiceLine } from './postedInvoice';
import { withPriceLists } from './priceLists';
import { settleAmounts } from './settleAmounts';
import { type ContentAction, contentAction, crmContentOf } from './states';
import { BC_LINE_FIELDS, BC_LINES } from './tables';
import { changeOf, updateFinished, writeContent } from './updateInvoices';
import { writeLines } from './writeLines';

/**
 * A page of posted invoices from beginning to end: known, met again, judged by the states of both sides, planned, created, completed with their lines,
 * compared, finished. An invoice that fails at a step leaves the page there, and touches no other.
 */
export async function invoicePage(context: InvoiceContext, rows: readonly SystemRecord[]): Promise<void> {
	const works = await meetInvoices(context, await wanted(context, await known(context, rows)));
	const byAction = new Map<ContentAction, InvoiceWork[]>();
	for (const work of works) {
		const action = actionOf(work);
		byAction.set(action, [...(byAction.get(action) ?? []), work]);
	}
	const those = (...actions: ContentAction[]): InvoiceWork[] => actions.flatMap((action) => byAction.get(action) ?? []);
	for (const work of those('refuse')) context.report.fail(work, notPosted(work.invoice, work.invoice.status));
	const planned = await judged(context, those('create', 'complete', 'update'));
	const settled = await settledEarlier(context, [...planned.filter(isFinished), ...those('keep')]);
	if (context.preview)
		previewed(
			context,
			planned.filter((work) => !isFinished(work)),
		);
	else
		await bring(
			context,
			planned.filter((work) => !isFinished(work)),
		);
	await updateFinished(context, settled);
	// Those that were there before get it when they are named.
	if (context.chosen && !context.preview) await attachPdfs(context, settled);
	if (!context.preview) await context.job.commit(context.report.take());
}

/** A row that is ours and Active / New has not been completed; one that was met, or says more, has its content. */
function actionOf(work: InvoiceWork): ContentAction {
	const content = crmContentOf(work.crm?.values ?? null);
	const isOurs = work.made !== 'met' && work.document?.stage !== 'handedOver';
	return contentAction(content === 'unfinished' && !isOurs ? 'active' : content, isPosted(work.invoice) ? 'posted' : 'unposted');
}

const isFinished = (work: InvoiceWork): boolean => actionOf(work) === 'update';

/** What the invoices are to be. One that cannot be that fails. */
async function judged(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<InvoiceWork[]> {
	if (works.length === 0) return [];
	const { session, run, report } = context;
	const questions = works.map(({ row }) => ({ field: 'documentId', values: [row.id], filter: null }));
	const lines = await session.businessCentral.readByQuestions(BC_LINES, questions, BC_LINE_FIELDS);
	const read = works.map((work, index) => ({
		...work,
		lines: lines[index]!.map(toInvoiceLine).sort((a, b) => a.sequence - b.sequence),
	}));
	const lookups = await loadLookups(session, run, read);
	return read.flatMap((work) => {
		const planned = planInvoice(session.companyId, work, lookups);
		if ('plan' in planned) return [{ ...work, plan: planned.plan, warnings: [...work.warnings, ...planned.plan.warnings] }];
		report.fail(work, planned.error);
		return [];
	});
}

function previewed({ report, job }: InvoiceContext, works: readonly InvoiceWork[]): void {
	for (const work of works) {
		const { once, kept, lines } = work.plan!;
		job.recorder.count(work.crm === null ? 'inserted' : 'modified');
		const sends = { header: { ...once, ...kept }, lines: lines.map(({ values }) => values) };
		report.done(work, work.crm === null ? 'wouldCreate' : 'wouldComplete', sends);
	}
}

async function bring(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<void> {
	const now = context.job.recorder.now();
	const created = await createInvoices(
		context,
		await withPriceLists(
			context,
			works.filter(({ crm }) => crm === null),
		),
	);
	const there = works.flatMap((work) => (work.crm === null ? [] : [{ ...work, document: work.document ?? newDocumentOf(work, now) }]));
	// The run that created their rows wrote what Business Central said then.
	const { failed } = await writeContent(context, there);
	const current = there.filter((work) => !failed.has(work));
	await finishInvoices(context, await settleAmounts(context, await writeLines(context, [...created, ...current])));
}

const newDocumentOf = (work: InvoiceWork, now: string): CoupledDocument => newDocument(work, work.crm, now);

/** Those whose row says that it is complete, although the store does not: the end was lost, or somebody else has brought it. */
async function settledEarlier(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<InvoiceWork[]> {
	const open = works.filter(({ document, made }) => made === 'met' || document?.stage !== 'handedOver');
	const now = context.job.recorder.now();
	const met = open.map((work) => ({ ...work, document: work.document ?? newDocumentOf(work, now) }));
	// Since the run that died, Business Central may have changed what that has written. Rows of others keep theirs until it changes again.
	const ours = context.preview ? [] : met.filter(({ made }) => made !== 'met');
	const { failed } = await writeContent(context, ours);
	const coupled = met.filter((work) => !failed.has(work));
	const told = await tellPayments(context, coupled.flatMap(changeOf));
	const done = new Set(told.map(({ row }) => row.id));
	const ready = coupled.filter((work) => done.has(work.row.id) || paymentOf(work.invoice) === null);
	for (const _ of ready) context.job.recorder.count('coupled');
	if (!context.preview) await tellOfCredits(context, ready);
	if (!context.preview) await finished(context, ready, ({ made }) => (made === 'met' ? 'coupled' : 'completed'));
	else for (const work of ready) context.report.done(work, 'wouldComplete');
	return works.filter((work) => !open.includes(work));
}
