import { requireOwnEnvironment } from '../../environments/requireOwnEnvironment';
import { companyRowOf } from '../../mapping/companyIdentity';
import { loadSetup } from '../../defaults/catalog';
import { describeEnd } from '../../jobs/describeEnd';
import { type HeldLease, isTaken } from '../../jobs/lease';
import type { RunningJob } from '../../jobs/jobPlan';
import { runJob } from '../../jobs/runJob';
import { mappingBusy } from '../../jobs/taken';
import { waitForTurn } from '../../jobs/turn';
import { alreadyRunning } from '../../jobs/withoutJob';
import { chunksOf } from '../../model/chunks';
import type { CoupledDocument } from '../../model/document';
import { sessionFor } from '../../overlay/previewOf';
import { isStopping } from '../../ports/stopping';
import type { SyncSession } from '../../ports/session';
import { TimeBudget } from '../../ports/timeBudget';
import { ReadingMark } from '../kernel/readingMark';
import { knownFailures } from '../kernel/knownFailures';
import type { ImportResult } from '../orderImport/importOrders';
import { loadRunLookups, type RunLookups } from '../orderImport/loadLookups';
import { OrderReport } from '../orderImport/orderReport';
import { ORDER_IMPORT, ORDER_MAPPING } from '../orderImport/tables';
import { dueOrders, type Marks } from './dueOrders';
import type { LifeContext } from './lifeContext';
import { lifePage } from './page';
import { CRM_PROGRESS, INVOICE_READING, SHIPMENT_READING } from './tables';

export interface UpdateOrdersRequest {
	/** Only these orders, by id of the CRM row; default all that something happened to. */
	ids?: readonly string[];
	/** Decide and compare, and write nothing anywhere. */
	preview?: boolean;
	/** Stop after this time (ms), at the next page border. */
	timeBudgetMs?: number;
	/** Upper limit of failed orders returned; default 1,000. */
	returnFailures?: number;
	/** Orders a page; default 50. */
	pageSize?: number;
}

const PAGE = 50;
const FAILURES = 1_000;

/**
 * What becomes of imported orders goes back to CRM: how far they are released, shipped, invoiced and paid, what their headers say once they are released,
 * and their end; and what people do with them in CRM is seen. One order's failure stops no other. Shares its lease with order import, because both write
 * the same rows.
 * @throws SyncError (setup) where nothing can be done at all; (transient) `MAPPING_BUSY` when the session waited for its turn in vain
 */
export async function updateOrders(given: SyncSession, request: UpdateOrdersRequest = {}): Promise<ImportResult> {
	const session = sessionFor(given, request.preview);
	const held = await waitForTurn(session, ORDER_MAPPING);
	if (isTaken(held)) {
		if (session.waitForTurnMs !== undefined && !isStopping(session)) throw mappingBusy(ORDER_MAPPING, held);
		const job = alreadyRunning(session, ORDER_IMPORT, { direction: 'toCrm' }, held);
		return { job, orders: [], moreOrders: 0, notFound: [] };
	}
	try {
		return await underLease(session, request, held);
	} finally {
		await held.release();
	}
}

async function underLease(session: SyncSession, request: UpdateOrdersRequest, held: HeldLease): Promise<ImportResult> {
	let report: OrderReport | undefined;
	const notFound: string[] = [];
	const plan = {
		mapping: ORDER_IMPORT,
		type: 'synchronization' as const,
		returnChanges: 0,
		returnFailures: request.returnFailures ?? FAILURES,
		pass: { direction: 'toCrm' as const, held },
	};
	const job = await runJob(session, plan, async (running) => {
		await requireOwnEnvironment(session);
		const context = await openLife(session, request, running, held);
		report = context.report;
		const budget = request.timeBudgetMs === undefined ? undefined : new TimeBudget(session.clock, request.timeBudgetMs);
		const marks: Marks = {
			shipments: await ReadingMark.open(session, SHIPMENT_READING),
			invoices: await ReadingMark.open(session, INVOICE_READING),
		};
		const pageSize = Math.max(1, request.pageSize ?? PAGE);
		const failed = new Set(context.report.failedBefore);
		const pages = request.ids ? chosen(context, request.ids, { pageSize, notFound }) : dueOrders(context, marks, failed, pageSize);
		for await (const documents of pages) {
			await running.checkpoint();
			await lifePage(context, documents);
			if (!context.preview) await running.commit(context.report.take());
			// What was not looked at is due again: the readings begin where they began.
			if (budget?.isSpent)
				return {
					status: 'stopped',
					message: `${describeEnd(running.recorder.snapshot(), 'complete')} The time limit was reached; the next run goes on from there.`,
				};
		}
		if (!request.ids && !context.preview)
			for (const mark of [marks.shipments, marks.invoices]) {
				const watermark = mark.end();
				if (watermark) await running.commit({ watermark });
			}
		return describeEnd(running.recorder.snapshot(), 'complete');
	});
	return { job, orders: report?.outcomes ?? [], moreOrders: report?.moreOutcomes ?? 0, notFound };
}

async function openLife(session: SyncSession, request: UpdateOrdersRequest, job: RunningJob, held: HeldLease): Promise<LifeContext> {
	const { ownershipModel: _ownershipModel, ...settings } = await loadSetup(session);
	const companyRowId = await companyRowOf(session, ORDER_IMPORT);
	let lookups: Promise<RunLookups> | undefined;
	return {
		session,
		job,
		held,
		settings,
		columns: { companies: companyRowId !== null, more: CRM_PROGRESS },
		companyRowId,
		report: new OrderReport(session, job.recorder, await knownFailures(session, ORDER_MAPPING, 'toCrm'), 'toCrm'),
		preview: request.preview ?? false,
		chosen: request.ids !== undefined,
		lookups: () => (lookups ??= loadRunLookups(session, settings, companyRowId)),
	};
}

/** Orders by id of the CRM row; those that Business Central has no order of are named. */
async function* chosen(
	{ session: { store } }: LifeContext,
	ids: readonly string[],
	{ pageSize, notFound }: { pageSize: number; notFound: string[] },
): AsyncGenerator<CoupledDocument[]> {
	const asked = [...new Set(ids.map((id) => id.toLowerCase()))];
	const documents = await store.documentsOf(ORDER_MAPPING, 'crm', asked);
	for (const id of asked) if (!documents.has(id)) notFound.push(id);
	const found = asked.flatMap((id) => documents.get(id) ?? []).filter(({ stage }) => stage === 'handedOver' || stage === 'closed');
	yield* chunksOf(found, pageSize);
}
