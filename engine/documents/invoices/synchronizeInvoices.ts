import { loadSetup } from '../../defaults/catalog';
import type { WorkEnd } from '../../jobs/jobPlan';
import { companyRowOf } from '../../mapping/companyIdentity';
import type { SyncSession } from '../../ports/session';
import { TimeBudget } from '../../ports/timeBudget';
import { CREDIT_FIELDS, tellNewCreditMemos } from './creditMemos';
import { dueInvoices, type DuePage } from './dueInvoices';
import type { InvoiceContext, PaymentContext } from './invoiceContext';
import { invoiceJob, type InvoiceJobRequest, type InvoiceResult, outOfTime } from './invoiceJob';
import type { CommentLines } from './invoiceLookups';
import { invoicePage } from './page';
import { ReadingMark } from '../kernel/readingMark';
import { loadRunLookups } from './runLookups';
import { BC_CREDIT_MEMOS, BC_INVOICE_FIELDS, BC_INVOICES, CREDIT_READING, INVOICE_MAPPING, INVOICES, POSTED } from './tables';

export interface InvoiceRequest extends InvoiceJobRequest {
	/** Only these invoices, by id of Business Central, also such as CRM does not have; default all that are due. */
	ids?: readonly string[];
	/**
	 * Invoices that CRM does not have are created: those posted from this day on (`2026-01-01`), or all of them (empty). Absent: only invoices that CRM
	 * has are kept up to date.
	 */
	createFrom?: string;
	/** Amounts that differ count as they are, from now on: an invoice that was held is finished. */
	accept?: boolean;
	/** Attach the invoice as PDF to its row, as a note. */
	attachPdf?: boolean;
	/** What becomes of comment lines; default text of the line before them. */
	commentLines?: CommentLines;
	/** Invoices a page; default 50. */
	pageSize?: number;
}

const PAGE = 50;

/**
 * Posted invoices of Business Central become invoices of CRM, each once, with their lines, and with how far they are paid. One invoice's failure neither
 * stops nor undoes another's. The same for chosen invoices and for all that are due.
 * @throws SyncError (setup) where nothing can be brought at all; (transient) `MAPPING_BUSY` when the session waited for its turn in vain
 */
export const synchronizeInvoices = (session: SyncSession, request: InvoiceRequest): Promise<InvoiceResult> =>
	invoiceJob(session, request, async (given, notFound) => {
		const context = await openRun(given, request);
		await beginCredits(context);
		const createFrom = request.createFrom ?? null;
		const mark = await ReadingMark.open(context.session, INVOICE_MAPPING, createFrom);
		const pageSize = Math.max(1, request.pageSize ?? PAGE);
		const budget = request.timeBudgetMs === undefined ? undefined : new TimeBudget(context.session.clock, request.timeBudgetMs);
		const pages = request.ids ? chosen(context, request.ids, { pageSize, notFound }) : dueInvoices(context, mark, pageSize);
		for await (const { rows, stamp } of pages) {
			await context.job.checkpoint();
			if (rows.length > 0) await invoicePage(context, rows);
			const watermark = stamp === null ? undefined : mark.upTo(stamp);
			if (watermark && !context.preview) await context.job.commit({ watermark });
			if (budget?.isSpent) return outOfTime(context);
		}
		return await end(context, mark, request.ids !== undefined);
	});

/** Chosen invoices move no watermark, but the first of them begins what later runs read. */
async function end(context: InvoiceContext, mark: ReadingMark, isChosen: boolean): Promise<WorkEnd | undefined> {
	if (!isChosen) await creditMemos(context);
	const watermark = isChosen && mark.isKnown ? undefined : mark.end();
	// Chosen ones say nothing of which others are to be created.
	if (watermark && !context.preview) await context.job.commit({ watermark: isChosen ? { ...watermark, scope: null } : watermark });
	return undefined;
}

async function openRun(given: PaymentContext, request: InvoiceRequest): Promise<InvoiceContext> {
	const { session } = given;
	const { ownershipModel: _ownershipModel, ...settings } = await loadSetup(session);
	const companyRowId = await companyRowOf(session, INVOICES);
	const intents = await session.store.intents(INVOICE_MAPPING, 'toCrm', Number.MAX_SAFE_INTEGER);
	return {
		...given,
		run: await loadRunLookups(session, settings, companyRowId, request.commentLines ?? 'text'),
		intents: new Map(intents.map((intent) => [intent.sourceId, intent])),
		chosen: request.ids !== undefined,
		createFrom: request.createFrom ?? null,
		attachPdf: request.attachPdf ?? false,
		accepts: request.accept ?? false,
	};
}

/** Page by page; ids that are not there are named. */
async function* chosen(
	{ session }: InvoiceContext,
	ids: readonly string[],
	{ pageSize, notFound }: { pageSize: number; notFound: string[] },
): AsyncGenerator<DuePage> {
	const asked = [...new Set(ids.map((id) => id.toLowerCase()))];
	for (let start = 0; start < asked.length; start += pageSize) {
		const part = asked.slice(start, start + pageSize);
		const rows = await session.businessCentral.readByIds(BC_INVOICES, part, BC_INVOICE_FIELDS);
		notFound.push(...part.filter((id) => !rows.has(id)));
		yield { rows: [...rows.values()], stamp: null };
	}
}

/** Before there is an invoice that a credit memo could be posted for: from now on they are read, also where this run dies. */
async function beginCredits({ session, job, preview }: InvoiceContext): Promise<void> {
	const mark = await ReadingMark.open(session, CREDIT_READING);
	const watermark = mark.isKnown || preview ? undefined : mark.end();
	if (watermark) await job.commit({ watermark });
}

/** Credit memos that were posted or changed since: those of invoices that CRM has. */
async function creditMemos(context: InvoiceContext): Promise<void> {
	const { session, job, report, preview } = context;
	const mark = await ReadingMark.open(session, CREDIT_READING);
	if (mark.isKnown) {
		const query = { table: BC_CREDIT_MEMOS, fields: CREDIT_FIELDS, filter: POSTED, since: mark.since, pageSize: 1_000 };
		for await (const rows of session.businessCentral.readChanges(query)) {
			await job.checkpoint();
			await tellNewCreditMemos(context, rows);
		}
	}
	const watermark = mark.end();
	if (watermark && !preview) await job.commit({ ...report.take(), ...(report.unexpected ? {} : { watermark }) });
}
