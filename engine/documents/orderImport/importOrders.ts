import { requireOwnEnvironment } from '../../environments/requireOwnEnvironment';
import { companyRowOf } from '../../mapping/companyIdentity';
import { loadSetup } from '../../defaults/catalog';
import { describeEnd } from '../../jobs/describeEnd';
import { isTaken } from '../../jobs/lease';
import type { RunningJob } from '../../jobs/jobPlan';
import type { JobResult } from '../../jobs/jobResult';
import { runJob } from '../../jobs/runJob';
import { mappingBusy } from '../../jobs/taken';
import { waitForTurn } from '../../jobs/turn';
import { alreadyRunning } from '../../jobs/withoutJob';
import type { CompanySettings } from '../../model/companySettings';
import type { HeldLease } from '../../jobs/lease';
import { isStopping } from '../../ports/stopping';
import type { SyncSession } from '../../ports/session';
import { TimeBudget } from '../../ports/timeBudget';
import { sessionFor } from '../../overlay/previewOf';
import { knownFailures } from '../kernel/knownFailures';
import type { ImportContext, ImportStart } from './importContext';
import type { OrderOutcome } from './orderWork';
import { eligibleIds, type PageOfIds } from './eligible';
import { loadRunLookups } from './loadLookups';
import { OrderReport } from './orderReport';
import { importPage } from './page';
import { ORDER_IMPORT, ORDER_MAPPING } from './tables';

export interface ImportRequest {
	/** Only these orders, by id of the CRM row, whatever their state; default all that are submitted and not handed over. */
	ids?: readonly string[];
	/** Plan and compare, and write nothing anywhere. */
	preview?: boolean;
	/** Orders that CRM says were handed over before, and that no order of Business Central is coupled with, are imported nevertheless. */
	importStamped?: boolean;
	/**
	 * A person accepts what Business Central has of these orders, amounts and contents: they are handed over as they are. Only orders that have one are
	 * meant; with `ids` only.
	 */
	accept?: boolean;
	/** Stop after this time (ms), at the next page border. */
	timeBudgetMs?: number;
	/** Upper limit of failed orders returned; default 1,000. */
	returnFailures?: number;
	/** Orders a page; default 50. */
	pageSize?: number;
}

export interface ImportResult {
	job: JobResult;
	/** What became of the orders that did not fail, up to 1,000 of them. */
	orders: readonly OrderOutcome[];
	/** Orders beyond those. */
	moreOrders: number;
	/** Ids that were asked for and that CRM does not have. */
	notFound: readonly string[];
}

const PAGE = 50;
const FAILURES = 1_000;

/**
 * Orders that were submitted in CRM become orders of Business Central, each once, and CRM is told so. One order's failure neither stops nor undoes
 * another's. The same for chosen orders and for all of them.
 * @throws SyncError (setup) where nothing can be imported at all; (transient) `MAPPING_BUSY` when the session waited for its turn in vain
 */
export async function importOrders(given: SyncSession, request: ImportRequest): Promise<ImportResult> {
	const session = sessionFor(given, request.preview);
	const held = await waitForTurn(session, ORDER_MAPPING);
	if (isTaken(held)) {
		if (session.waitForTurnMs !== undefined && !isStopping(session)) throw mappingBusy(ORDER_MAPPING, held);
		const job = alreadyRunning(session, ORDER_IMPORT, { direction: 'fromCrm' }, held);
		return { job, orders: [], moreOrders: 0, notFound: [] };
	}
	try {
		return await underLease(session, request, held);
	} finally {
		await held.release();
	}
}

async function underLease(session: SyncSession, request: ImportRequest, held: HeldLease): Promise<ImportResult> {
	let report: OrderReport | undefined;
	const notFound: string[] = [];
	const plan = {
		mapping: ORDER_IMPORT,
		type: 'synchronization' as const,
		returnChanges: 0,
		returnFailures: request.returnFailures ?? FAILURES,
		pass: { direction: 'fromCrm' as const, held },
	};
	const job = await runJob(session, plan, async (running) => {
		await requireOwnEnvironment(session);
		const start = await openImport(session, request, running, held);
		report = start.report;
		let context: ImportContext | undefined;
		const budget = request.timeBudgetMs === undefined ? undefined : new TimeBudget(session.clock, request.timeBudgetMs);
		const pageSize = Math.max(1, request.pageSize ?? PAGE);
		for await (const ids of request.ids ? chosen(start, request.ids, pageSize) : eligibleIds(start, pageSize)) {
			await running.checkpoint();
			// A run without any order asks nothing that only orders need.
			context ??= { ...start, run: await loadRunLookups(session, start.settings, start.companyRowId) };
			await importPage(context, ids.found);
			notFound.push(...ids.missing);
			if (!context.preview) await running.commit(start.report.take());
			if (budget?.isSpent)
				return {
					status: 'stopped',
					message: `${describeEnd(running.recorder.snapshot(), 'complete')} The time limit was reached; the next run goes on from there.`,
				};
		}
		return describeEnd(running.recorder.snapshot(), 'complete');
	});
	return { job, orders: report?.outcomes ?? [], moreOrders: report?.moreOutcomes ?? 0, notFound };
}

async function openImport(session: SyncSession, request: ImportRequest, job: RunningJob, held: HeldLease): Promise<ImportStart> {
	const { ownershipModel: _ownershipModel, ...settings } = await loadSetup(session);
	const companyRowId = await companyRowOf(session, ORDER_IMPORT);
	const failures = await knownFailures(session, ORDER_MAPPING, 'fromCrm');
	const intents = await session.store.intents(ORDER_MAPPING, 'fromCrm', Number.MAX_SAFE_INTEGER);
	return {
		session,
		job,
		held,
		settings,
		companyRowId,
		columns: { companies: companyRowId !== null, more: payerColumn(settings) },
		report: new OrderReport(session, job.recorder, failures),
		intents: new Map(intents.map((intent) => [intent.sourceId, intent])),
		chosen: request.ids !== undefined,
		accepts: (request.accept ?? false) && request.ids !== undefined,
		preview: request.preview ?? false,
		importStamped: request.importStamped ?? false,
	};
}

const payerColumn = ({ billTo, billToColumn }: CompanySettings): string[] =>
	billTo === 'column' && billToColumn !== '' ? [billToColumn] : [];

/** Page by page; ids that are not there are named. */
async function* chosen({ session }: ImportStart, ids: readonly string[], pageSize: number): AsyncGenerator<PageOfIds> {
	const asked = [...new Set(ids.map((id) => id.toLowerCase()))];
	for (let start = 0; start < asked.length; start += pageSize) {
		const part = asked.slice(start, start + pageSize);
		const there = await session.crm.existing(ORDER_IMPORT.crm, part);
		yield { found: part.filter((id) => there.has(id)), missing: part.filter((id) => !there.has(id)) };
	}
}
