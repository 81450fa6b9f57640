import { isRunEnding, RunStopped, SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import type { JobRecorder } from './recorder';
import type { HeldLease } from './lease';
import type { JobStatus } from '../model/job';
import type { JobPlan } from './jobPlan';
import type { JobResult } from './jobResult';

export type StopReason = RunStopped['reason'];
/** A status, or why the job was stopped. */
export type JobEnd = 'finished' | 'stopped' | 'failed' | StopReason;

/** The end of a job in the log, with the line of the full synchronization it belongs to. */
export async function endJob(
	session: SyncSession,
	plan: JobPlan,
	{ recorder, held }: { recorder: JobRecorder; held: HeldLease },
	end: JobEnd,
	message: string,
): Promise<JobResult> {
	const log = recorder.takeLog();
	const status: JobStatus = end === 'finished' || end === 'failed' ? end : 'stopped';
	const result = recorder.finish(status, message);
	if (status === 'finished' && plan.keepWhen?.() === false) return result;
	const changes = { job: result.job, log };
	if (!plan.pass) {
		// Work that nobody takes up tells its own end, whoever has the mapping now.
		await session.store.commit(changes);
		return result;
	}
	// The run that took over ends this job in the log.
	if (end === 'leaseLost') return result;
	const { follower } = plan.pass;
	try {
		await session.store.commit({ ...changes, ...(follower ? { fullSync: [follower.ends(result.job)] } : {}) }, held.lease);
	} catch (error) {
		if (isLeaseLost(error)) return recorder.finish('stopped', stoppedBecause(plan, 'leaseLost'));
		throw error;
	}
	return result;
}

const isLeaseLost = (error: unknown): boolean => error instanceof SyncError && error.code === 'LEASE_LOST';

/** Why an error ends a job without being a failure; null for a failure. */
export function stopReason(session: SyncSession, error: unknown): StopReason | null {
	if (isLeaseLost(error)) return 'leaseLost';
	if (error instanceof RunStopped) return error.reason;
	if (session.signal?.aborted) return 'cancelled';
	return isRunEnding(error) ? 'shutdown' : null;
}

const AGAIN = ' What was done is kept; run it again for the rest.';
const NEXT_RUN = ' What was done is kept; the next run goes on from there.';

/** What happened, and who does the rest. */
const STOPPED: Readonly<Record<StopReason, { what: string; ofPass?: string; next: string }>> = {
	cancelled: { what: 'The run was cancelled.', next: NEXT_RUN },
	timeBudget: { what: 'The time limit was reached.', next: ' The next run goes on from there.' },
	leaseLost: { what: 'The run was stopped because another run took the table mapping over.', next: '' },
	shutdown: {
		what: 'n8n was asked to end, so the run stopped.',
		ofPass: 'n8n was asked to end, so the run stopped before its end.',
		next: NEXT_RUN,
	},
};

/** The message of a job that was stopped. */
export function stoppedBecause({ pass }: JobPlan, reason: StopReason): string {
	const { what, ofPass, next } = STOPPED[reason];
	return pass ? `${ofPass ?? what}${next}` : `${what}${AGAIN}`;
}
