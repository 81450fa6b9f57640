import { randomUUID } from 'node:crypto';
import { isMassChange, SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import { throwIfStopping } from '../ports/stopping';
import { endJob, type JobEnd, stoppedBecause, stopReason } from './endJob';
import type { JobPlan, RunningJob, WorkEnd } from './jobPlan';
import { noteKeys } from './noteKeys';
import { JobRecorder } from './recorder';
import { type HeldLease, holdLease, isTaken } from './lease';
import type { StoreChanges } from '../ports/storeChanges';
import type { RunFollower } from './runFollower';
import type { JobResult } from './jobResult';
import { takeTurn } from './turn';
import { alreadyRunning } from './withoutJob';

/**
 * Carries out work on one mapping as a job of the log, from its beginning to its end: under the mapping's lease, with counters, and with a sentence
 * at the end. A mapping that another run holds gives the status `alreadyRunning`, unless the session waits for it; what ends the work early without being a
 * failure gives `stopped`; an error gives `failed` and says why. What was done before stays in each case.
 * @throws SyncError `MAPPING_BUSY` (transient) when the session waited for the mapping in vain; what is no SyncError, and what the store has against
 * recording the end
 */
export async function runJob(session: SyncSession, plan: JobPlan, work: (job: RunningJob) => Promise<WorkEnd>): Promise<JobResult> {
	const given = plan.pass?.held ?? plan.held;
	if (given) return await underLease(session, plan, given, work);
	const held =
		session.waitForTurnMs === undefined ? await holdLease(session, plan.mapping.name) : await takeTurn(session, plan.mapping.name);
	if (isTaken(held)) return alreadyRunning(session, plan.mapping, { ...plan, direction: null }, held);
	try {
		return await underLease(session, plan, held, work);
	} finally {
		await held.release();
	}
}

async function underLease(
	session: SyncSession,
	plan: JobPlan,
	held: HeldLease,
	work: (job: RunningJob) => Promise<WorkEnd>,
): Promise<JobResult> {
	const { mapping, pass } = plan;
	const recorder = new JobRecorder(session, mapping, randomUUID(), pass?.direction ?? null, plan);
	const end = (status: JobEnd, message: string): Promise<JobResult> => endJob(session, plan, { recorder, held }, status, message);
	try {
		if (pass) await session.store.commit(jobBegins(session, recorder, pass.follower), held.lease);
		const ended = await work({
			recorder,
			commit: async (changes) => {
				await noteKeys(session);
				await session.store.commit({ ...changes, job: recorder.snapshot(), log: recorder.takeLog() }, held.lease);
			},
			checkpoint: async () => {
				throwIfStopping(session);
				await held.keep();
			},
		});
		return await (typeof ended === 'string' ? end('finished', ended) : end(ended.status, ended.message));
	} catch (thrown) {
		const error = plan.explain ? await plan.explain(thrown) : thrown;
		const reason = stopReason(session, error);
		if (reason) return await end(reason, stoppedBecause(plan, reason));
		if (!(error instanceof SyncError)) throw error;
		recorder.stoppedBy(error);
		return await end(isMassChange(error) ? 'stopped' : 'failed', `${error.message} ${error.hint}`);
	}
}

/** The lease proves that no other job of the mapping is alive. */
function jobBegins(session: SyncSession, recorder: JobRecorder, follower: RunFollower | undefined): StoreChanges {
	const job = recorder.snapshot();
	const message = 'The process was stopped or crashed before the run ended. What was done is kept; the next run went on from there.';
	return {
		endDeadJobs: { mapping: job.mapping, at: new Date(session.clock.now()).toISOString(), message },
		job,
		...(follower ? { fullSync: [follower.begins(job)] } : {}),
	};
}
