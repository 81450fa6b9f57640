import type { TableMapping } from '../model/tableMapping';
import type { HeldLease } from './lease';
import type { JobType } from '../model/job';
import type { PassDirection } from '../model/direction';
import type { StoreChanges } from '../ports/storeChanges';
import type { JobRecorder } from './recorder';
import type { RunFollower } from './runFollower';

export interface JobPlan {
	mapping: TableMapping;
	type: JobType;
	returnChanges: number;
	returnFailures: number;
	/** One direction of a run; a job without it is work that somebody asked for, and that is done by asking again. */
	pass?: JobOfPass;
	/** The right to run the mapping, where whoever starts the job has it already and gives it back. */
	held?: HeldLease;
	/** A job that finished is kept in the log only then; default always. */
	keepWhen?: () => boolean;
	/** What an error that ends the job is told as; default as it is. */
	explain?: (error: unknown) => Promise<unknown>;
}

/** The run holds the lease for all its directions, and the next run goes on where this one ended. */
export interface JobOfPass {
	direction: PassDirection;
	held: HeldLease;
	follower?: RunFollower | undefined;
}

/** What the work of a job gets to hand. */
export interface RunningJob {
	recorder: JobRecorder;
	/** Writes the changes together with the job as it stands and the log so far, under the lease. */
	commit(changes: StoreChanges): Promise<void>;
	/** At every page border: looks at the cancel signal and keeps the lease. Throws RunStopped. */
	checkpoint(): Promise<void>;
}

/** How the work ended: the message of the job, and whether it was to end before everything was done. */
export type WorkEnd = string | { status: 'finished' | 'stopped'; message: string };
