import { randomUUID } from 'node:crypto';
import { isMassChange, isRunEnding, RunStopped, SyncError } from '../model/errors';
import { describeTaken, type Taken } from './acquireLease';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { JobRecorder } from './recorder';
import type { HeldLease } from './lease';
import type { Job } from '../model/job';
import type { PassDirection } from '../model/direction';
import type { StoreChanges } from '../ports/storeChanges';
import type { RunFollower } from './runFollower';
import type { JobResult } from './jobResult';

/** Ends a job, with the line of the full synchronization it belongs to. */
export async function endJob(
	session: SyncSession,
	recorder: JobRecorder,
	held: HeldLease | null,
	status: 'finished' | 'stopped' | 'failed',
	message: string,
	follower: RunFollower | undefined,
): Promise<JobResult> {
	const log = recorder.takeLog();
	const result = recorder.finish(status, message);
	if (!held) return result;
	try {
		await session.store.commit({ job: result.job, log, ...(follower ? { fullSync: [follower.ends(result.job)] } : {}) }, held.lease);
	} catch (error) {
		// The run that took over ends this job in the log.
		if (isLeaseLost(error)) return recorder.finish('stopped', STOPPED.leaseLost);
		throw error;
	}
	return result;
}

/** The lease proves that no other job of the mapping is alive. */
export function jobBegins(session: SyncSession, recorder: JobRecorder, follower: RunFollower | undefined): StoreChanges {
	const job = recorder.snapshot();
	const message = 'The process was stopped or crashed before the run ended. What was done is kept; the next run went on from there.';
	return {
		endDeadJobs: { mapping: job.mapping, at: new Date(session.clock.now()).toISOString(), message },
		job,
		...(follower ? { fullSync: [follower.begins(job)] } : {}),
	};
}

const STOPPED = {
	cancelled: 'The run was cancelled. What was done is kept; the next run goes on from there.',
	timeBudget: 'The time limit was reached. The next run goes on from there.',
	leaseLost: 'The run was stopped because another run took the table mapping over.',
	shutdown: 'n8n was asked to end, so the run stopped before its end. What was done is kept; the next run goes on from there.',
};

const isLeaseLost = (error: unknown): boolean => error instanceof SyncError && error.code === 'LEASE_LOST';

/** Why an error ends a run without being a failure; null for a failure. */
export function stopReason(session: SyncSession, error: unknown): RunStopped['reason'] | null {
	if (isLeaseLost(error)) return 'leaseLost';
	if (error instanceof RunStopped) return error.reason;
	if (session.signal?.aborted) return 'cancelled';
	return isRunEnding(error) ? 'shutdown' : null;
}

/** What was written is kept; the job says why it ended early, and the next run goes on from there. */
export async function endJobAfter(
	session: SyncSession,
	recorder: JobRecorder,
	held: HeldLease | null,
	error: unknown,
	follower: RunFollower | undefined,
): Promise<JobResult> {
	const reason = stopReason(session, error);
	if (reason) {
		return await endJob(session, recorder, reason === 'leaseLost' ? null : held, 'stopped', STOPPED[reason], follower);
	}
	if (!(error instanceof SyncError)) throw error;
	recorder.stoppedBy(error);
	const how = isMassChange(error) ? 'stopped' : 'failed';
	return await endJob(session, recorder, held, how, `${error.message} ${error.hint}`, follower);
}

/** A job that did nothing because somebody else holds the lease: a normal outcome. */
export function alreadyRunning(
	session: SyncSession,
	mapping: TableMapping,
	direction: PassDirection,
	taken: Taken,
	type: Job['type'] = 'synchronization',
): JobResult {
	const recorder = new JobRecorder(session, mapping, randomUUID(), direction, {
		type,
		returnChanges: 0,
		returnFailures: 0,
	});
	const text = [
		`${mapping.name} is being synchronized by another run.`,
		describeTaken(taken),
		'Nothing was done; the next run catches up.',
	];
	return recorder.finish('alreadyRunning', text.filter(Boolean).join(' '));
}
