import { requireOwnEnvironment } from '../../environments/requireOwnEnvironment';
import { describeEnd } from '../../jobs/describeEnd';
import type { HeldLease } from '../../jobs/lease';
import { isTaken } from '../../jobs/lease';
import type { RunningJob, WorkEnd } from '../../jobs/jobPlan';
import type { JobResult } from '../../jobs/jobResult';
import { runJob } from '../../jobs/runJob';
import { mappingBusy } from '../../jobs/taken';
import { waitForTurn } from '../../jobs/turn';
import { alreadyRunning } from '../../jobs/withoutJob';
import { sessionFor } from '../../overlay/previewOf';
import { isStopping } from '../../ports/stopping';
import type { SyncSession } from '../../ports/session';
import { knownFailures } from '../kernel/knownFailures';
import { InvoiceReport } from './invoiceReport';
import type { InvoiceOutcome } from './invoiceWork';
import type { PaymentContext } from './invoiceContext';
import { INVOICE_MAPPING, INVOICES } from './tables';

/** What every run over invoices can be asked. */
export interface InvoiceJobRequest {
	/** Decide and compare, and write nothing anywhere. */
	preview?: boolean;
	/** Stop after this time (ms), at the next page border. */
	timeBudgetMs?: number;
	/** Upper limit of failed invoices returned; default 1,000. */
	returnFailures?: number;
}

export interface InvoiceResult {
	job: JobResult;
	/** What became of the invoices that did not fail, up to 1,000 of them. */
	invoices: readonly InvoiceOutcome[];
	/** Invoices beyond those. */
	moreInvoices: number;
	/** Ids that were asked for and that Business Central does not have. */
	notFound: readonly string[];
}

const FAILURES = 1_000;

/**
 * Work on invoices as a job of the log, under the lease that all of it shares: what brings them and what tells their payments write to the same rows.
 * @throws SyncError (setup) where nothing can be done at all; (transient) `MAPPING_BUSY` when the session waited for its turn in vain
 */
export async function invoiceJob(
	given: SyncSession,
	request: InvoiceJobRequest,
	work: (context: PaymentContext, notFound: string[]) => Promise<WorkEnd | undefined>,
): Promise<InvoiceResult> {
	const session = sessionFor(given, request.preview);
	const held = await waitForTurn(session, INVOICE_MAPPING);
	if (isTaken(held)) {
		if (session.waitForTurnMs !== undefined && !isStopping(session)) throw mappingBusy(INVOICE_MAPPING, held);
		return { job: alreadyRunning(session, INVOICES, { direction: 'toCrm' }, held), invoices: [], moreInvoices: 0, notFound: [] };
	}
	try {
		return await underLease(session, request, held, work);
	} finally {
		await held.release();
	}
}

async function underLease(
	session: SyncSession,
	request: InvoiceJobRequest,
	held: HeldLease,
	work: (context: PaymentContext, notFound: string[]) => Promise<WorkEnd | undefined>,
): Promise<InvoiceResult> {
	let report: InvoiceReport | undefined;
	const notFound: string[] = [];
	const plan = {
		mapping: INVOICES,
		type: 'synchronization' as const,
		returnChanges: 0,
		returnFailures: request.returnFailures ?? FAILURES,
		pass: { direction: 'toCrm' as const, held },
	};
	const job = await runJob(session, plan, async (running: RunningJob) => {
		await requireOwnEnvironment(session);
		report = new InvoiceReport(session, running.recorder, await knownFailures(session, INVOICE_MAPPING));
		const end = await work({ session, job: running, held, report, preview: request.preview ?? false }, notFound);
		if (!request.preview) await running.commit(report.take());
		return end ?? describeEnd(running.recorder.snapshot(), 'complete');
	});
	return { job, invoices: report?.outcomes ?? [], moreInvoices: report?.moreOutcomes ?? 0, notFound };
}

/** The end of a run whose time is over. */
export const outOfTime = ({ job }: PaymentContext): WorkEnd => ({
	status: 'stopped',
	message: `${describeEnd(job.recorder.snapshot(), 'complete')} The time limit was reached; the next run goes on from there.`,
});
