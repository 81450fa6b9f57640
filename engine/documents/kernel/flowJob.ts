import { requireOwnEnvironment } from '../../environments/requireOwnEnvironment';
import { describeEnd } from '../../jobs/describeEnd';
import { isTaken } from '../../jobs/lease';
import type { RunningJob, WorkEnd } from '../../jobs/jobPlan';
import type { JobResult } from '../../jobs/jobResult';
import { runJob } from '../../jobs/runJob';
import { mappingBusy } from '../../jobs/taken';
import { waitForTurn } from '../../jobs/turn';
import { alreadyRunning } from '../../jobs/withoutJob';
import type { PassDirection } from '../../model/direction';
import type { TableMapping } from '../../model/tableMapping';
import { sessionFor } from '../../overlay/previewOf';
import { isStopping } from '../../ports/stopping';
import type { SyncSession } from '../../ports/session';
import { TimeBudget } from '../../ports/timeBudget';
import { FlowReport } from './flowReport';
import { knownFailures } from './knownFailures';

/** What every run of a flow beside the documents can be asked. */
export interface FlowRequest {
	/** Only what belongs to these records, by id; default all that is due. */
	ids?: readonly string[];
	/** Read and compare, and write nothing anywhere. */
	preview?: boolean;
	/** Stop after this time (ms), at the next page border. */
	timeBudgetMs?: number;
	/** Upper limit of failures returned; default 1,000. */
	returnFailures?: number;
}

export interface FlowResult<Outcome> {
	job: JobResult;
	/** What was done, up to 1,000 of it. */
	outcomes: readonly Outcome[];
	/** Beyond those. */
	moreOutcomes: number;
	/** Ids that were asked for and that are not there. */
	notFound: readonly string[];
}

/** What a run of a flow works with. */
export interface FlowContext<Outcome> {
	readonly session: SyncSession;
	readonly job: RunningJob;
	readonly report: FlowReport<Outcome>;
	/** Nothing is written. */
	readonly preview: boolean;
	readonly notFound: string[];
	/** Whether the time of the run is over. */
	isSpent(): boolean;
}

export interface FlowWork<Outcome> {
	flow: TableMapping;
	direction: PassDirection;
	work(context: FlowContext<Outcome>): Promise<WorkEnd | undefined>;
	/** What an error that ends the work is told as; default as it is. */
	explain?(session: SyncSession, error: unknown): Promise<unknown>;
}

const FAILURES = 1_000;

/**
 * The work of a flow as a job of the log, under the lease of its name.
 * @throws SyncError (setup) where nothing can be done at all; (transient) `MAPPING_BUSY` when the session waited for its turn in vain
 */
export async function flowJob<Outcome>(
	given: SyncSession,
	request: FlowRequest,
	{ flow, direction, work, explain }: FlowWork<Outcome>,
): Promise<FlowResult<Outcome>> {
	const session = sessionFor(given, request.preview);
	const held = await waitForTurn(session, flow.name);
	if (isTaken(held)) {
		if (session.waitForTurnMs !== undefined && !isStopping(session)) throw mappingBusy(flow.name, held);
		return { job: alreadyRunning(session, flow, { direction }, held), outcomes: [], moreOutcomes: 0, notFound: [] };
	}
	let report: FlowReport<Outcome> | undefined;
	const notFound: string[] = [];
	const budget = request.timeBudgetMs === undefined ? undefined : new TimeBudget(session.clock, request.timeBudgetMs);
	const returnFailures = request.returnFailures ?? FAILURES;
	const plan = {
		mapping: flow,
		type: 'synchronization' as const,
		returnChanges: 0,
		returnFailures,
		pass: { direction, held },
		...(explain ? { explain: (error: unknown) => explain(session, error) } : {}),
	};
	try {
		const job = await runJob(session, plan, async (running) => {
			await requireOwnEnvironment(session);
			report = new FlowReport<Outcome>(running.recorder, { flow: flow.name, direction }, await knownFailures(session, flow.name));
			const preview = request.preview ?? false;
			const end = await work({ session, job: running, report, preview, notFound, isSpent: () => budget?.isSpent ?? false });
			if (!preview) await running.commit(report.take());
			return end ?? describeEnd(running.recorder.snapshot(), 'complete');
		});
		return { job, outcomes: report?.outcomes ?? [], moreOutcomes: report?.moreOutcomes ?? 0, notFound };
	} finally {
		await held.release();
	}
}

/** The end of a run whose time is over. */
export const outOfTime = ({ job }: Pick<FlowContext<unknown>, 'job'>): WorkEnd => ({
	status: 'stopped',
	message: `${describeEnd(job.recorder.snapshot(), 'complete')} The time limit was reached; the next run goes on from there.`,
});
