import { randomUUID } from 'node:crypto';
import { SyncError } from '../model/errors';
import { describeTaken, isTaken } from './acquireLease';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { throwIfStopping } from '../ports/stopping';
import { stopReason } from './lifecycle';
import { JobRecorder } from './recorder';
import { holdLease } from './lease';
import type { JobType } from '../model/job';
import type { StoreChanges } from '../ports/storeChanges';
import type { JobResult } from './jobResult';

export interface CouplingJobOptions {
	type: JobType;
	returnChanges: number;
	returnFailures: number;
	/** A job that finished is kept in the log only then; default always. */
	keepWhen?: () => boolean;
}

const GOES_ON = 'What was done is kept; run it again for the rest.';
const STOPPED = {
	cancelled: `The run was cancelled. ${GOES_ON}`,
	timeBudget: `The time limit was reached. ${GOES_ON}`,
	leaseLost: `The run was stopped because another run took the table mapping over. ${GOES_ON}`,
	shutdown: `n8n was asked to end, so the run stopped. ${GOES_ON}`,
};

/** What the work of a coupling job gets to hand. */
export interface CouplingJob {
	recorder: JobRecorder;
	/** Writes the changes together with the job as it stands and the log so far, under the lease. */
	commit(changes: StoreChanges): Promise<void>;
	/** At every page border: looks at the cancel signal and keeps the lease. Throws RunStopped. */
	checkpoint(): Promise<void>;
}

/**
 * Carries out work on the couplings of one mapping as a job of the log: under the mapping's lease, with counters, and with a sentence at the end.
 * A mapping that another run holds gives the status `alreadyRunning`; an error ends the job as `failed` and says why, what was done before stays.
 * @param work answers the job's message
 */
export async function runCouplingJob(
	session: SyncSession,
	mapping: TableMapping,
	options: CouplingJobOptions,
	work: (job: CouplingJob) => Promise<string>,
): Promise<JobResult> {
	const recorder = new JobRecorder(session, mapping, randomUUID(), null, options);
	const held = await holdLease(session, mapping.name);
	if (isTaken(held)) {
		const text = [
			`${mapping.name} is being synchronized by another run.`,
			describeTaken(held),
			'Nothing was done; try again when it ended.',
		];
		return recorder.finish('alreadyRunning', text.filter(Boolean).join(' '));
	}
	const close = async (status: 'finished' | 'stopped' | 'failed', message: string): Promise<JobResult> => {
		const log = recorder.takeLog();
		const result = recorder.finish(status, message);
		const keep = status !== 'finished' || (options.keepWhen?.() ?? true);
		if (keep) await session.store.commit({ job: result.job, log });
		return result;
	};
	try {
		const message = await work({
			recorder,
			commit: async (changes) => {
				await session.store.commit({ ...changes, job: recorder.snapshot(), log: recorder.takeLog() }, held.lease);
			},
			checkpoint: async () => {
				throwIfStopping(session);
				await held.keep();
			},
		});
		return await close('finished', message);
	} catch (error) {
		const reason = stopReason(session, error);
		if (reason) return await close('stopped', STOPPED[reason]);
		if (!(error instanceof SyncError)) throw error;
		recorder.stoppedBy(error);
		return await close('failed', `${error.message} ${error.hint}`);
	} finally {
		await held.release();
	}
}
