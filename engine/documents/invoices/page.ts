import type { CoupledDocument } from '../../model/document';
import type { SystemRecord } from '../../model/record';
import type { RecordOperation } from '../../ports/write';
import { attachPdfs } from './attachPdf';
import { createInvoices, newDocument } from './createInvoices';
import { finished, finishInvoices, tellOfCredits } from './finishInvoices';
import { invoiceId } from './ids';
import { deletedInCrm, keptChanging, notPosted, refused } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { loadLookups } from './loadLookups';
import { meetInvoices } from './meetInvoices';
import { type PaymentChange, tellPayments } from './payment';
import { planInvoice } from './plan';
import { paymentOf, toInvoice, toInvoiceLine, isPosted } from './postedInvoice';
import { withPriceLists } from './priceLists';
import { settleAmounts } from './settleAmounts';
import { type ContentAction, contentAction, crmContentOf, crmPaymentOf } from './states';
import { BC_LINE_FIELDS, BC_LINES, CRM_INVOICES, CRM_STATE, INVOICE_MAPPING } from './tables';
import { differing, KEPT_COLUMNS } from './update';
import { writeLines } from './writeLines';

/**
 * A page of posted invoices from beginning to end: known, met again, judged by the states of both sides, planned, created, completed with their lines,
 * compared, finished. An invoice that fails at a step leaves the page there, and touches no other.
 */
export async function invoicePage(context: InvoiceContext, rows: readonly SystemRecord[]): Promise<void> {
	const works = await meetInvoices(context, wanted(context, await known(context, rows)));
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

/** Read, with what the store and CRM have of them. One request. */
async function known({ session }: InvoiceContext, rows: readonly SystemRecord[]): Promise<InvoiceWork[]> {
	const documents = await session.store.documentsOf(
		INVOICE_MAPPING,
		'businessCentral',
		rows.map(({ id }) => id),
	);
	const idOf = ({ id }: SystemRecord): string => documents.get(id)?.crmId ?? invoiceId(session.companyId, id);
	const there = await session.crm.readByIds(CRM_INVOICES, rows.map(idOf), [...CRM_STATE, ...KEPT_COLUMNS]);
	return rows.map((row) => ({
		row,
		invoice: toInvoice(row),
		lines: [],
		crmId: idOf(row),
		document: documents.get(row.id) ?? null,
		crm: there.get(idOf(row)) ?? null,
		warnings: [],
	}));
}

/** Which of them this run brings: those that CRM has, and new ones where they are wanted. A row that was deleted in CRM comes back only by name. */
function wanted(context: InvoiceContext, works: readonly InvoiceWork[]): InvoiceWork[] {
	const { chosen, createFrom, intents, report, job } = context;
	return works.flatMap((work) => {
		const { document, crm, row, invoice } = work;
		if (document !== null && crm === null) {
			if (chosen || document.stage !== 'handedOver')
				return [{ ...work, document: null, crmId: invoiceId(context.session.companyId, row.id) }];
			if (document.goneSince === null) report.warn(work, deletedInCrm(invoice));
			report.settle(row.id);
			return [];
		}
		if (document !== null || crm !== null || chosen || intents.has(row.id) || report.isKnown(row.id)) return [work];
		if (createFrom !== null && (invoice.postingDate ?? '') >= createFrom && isPosted(invoice)) return [work];
		job.recorder.notCoupled.add(row.id);
		return [];
	});
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
	await finishInvoices(context, await settleAmounts(context, await writeLines(context, [...created, ...there])));
}

const newDocumentOf = (work: InvoiceWork, now: string): CoupledDocument => newDocument(work, work.crm, now);

/** Those whose row says that it is complete, although the store does not: the end was lost, or somebody else has brought it. */
async function settledEarlier(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<InvoiceWork[]> {
	const open = works.filter(({ document, made }) => made === 'met' || document?.stage !== 'handedOver');
	const now = context.job.recorder.now();
	const coupled = open.map((work) => ({ ...work, document: work.document ?? newDocumentOf(work, now) }));
	const told = await tellPayments(context, coupled.flatMap(changeOf));
	const done = new Set(told.map(({ row }) => row.id));
	const ready = coupled.filter((work) => done.has(work.row.id) || paymentOf(work.invoice) === null);
	for (const _ of ready) context.job.recorder.count('coupled');
	if (!context.preview) await tellOfCredits(context, ready);
	if (!context.preview) await finished(context, ready, ({ made }) => (made === 'met' ? 'coupled' : 'completed'));
	else for (const work of ready) context.report.done(work, 'wouldComplete');
	return works.filter((work) => !open.includes(work));
}

const changeOf = ({ row, document, invoice }: InvoiceWork): PaymentChange[] => {
	const target = paymentOf(invoice);
	return target === null || document === null ? [] : [{ row, document, target }];
};

/** Writes what was changed in Business Central, into rows that can be edited, and how far they are paid, where that has changed. */
async function updateFinished(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<void> {
	const { session, report, job } = context;
	const changed = works.flatMap((work) => {
		const values = work.plan ? differing(work.plan.kept, work.crm!) : {};
		return Object.keys(values).length === 0 ? [] : [{ work, values }];
	});
	const failed = new Set<InvoiceWork>();
	const written = new Set<InvoiceWork>();
	if (changed.length > 0) {
		const outcomes = await session.crm.write(
			CRM_INVOICES,
			changed.map(({ work, values }): RecordOperation => ({
				kind: 'update',
				id: work.crmId,
				version: work.crm!.version,
				number: '',
				values,
			})),
		);
		outcomes.forEach((outcome, index) => {
			const { work } = changed[index]!;
			if (outcome.status === 'written') written.add(work);
			else {
				failed.add(work);
				report.fail(work, outcome.status === 'failed' ? refused(work.invoice, outcome.error) : keptChanging(work.invoice));
			}
		});
	}
	const rest = works.filter((work) => !failed.has(work));
	const due = rest.filter((work) => isPaymentDue(context, work));
	const told = await tellPayments(context, due.flatMap(changeOf));
	const done = new Map(told.map((change) => [change.row.id, change]));
	const documents = told.map(({ document, target }) => ({ ...document, payment: target }));
	if (documents.length > 0 && !context.preview) await job.commit({ documents, ...report.take() });
	for (const work of rest) {
		if (due.includes(work) && !done.has(work.row.id)) continue;
		const isUpdated = written.has(work) || due.includes(work);
		if (!isUpdated || context.preview) job.recorder.count(isUpdated ? 'modified' : 'unchanged');
		else if (written.has(work) && !due.includes(work)) job.recorder.count('modified');
		report.done(work, isUpdated ? (context.preview ? 'wouldUpdate' : 'updated') : 'unchanged');
	}
}

/**
 * What Business Central says now is not what CRM was told last. A status of a person's own stays while nothing has changed, unless the invoice was named:
 * then what the row says counts.
 */
function isPaymentDue({ chosen }: InvoiceContext, { invoice, document, crm }: InvoiceWork): boolean {
	const target = paymentOf(invoice);
	if (target === null) return false;
	if (target !== document!.payment) return true;
	const now = crmPaymentOf(crm!.values);
	return chosen && now !== target && now !== 'other';
}
