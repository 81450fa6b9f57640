import type { Job } from '../model/job';
import type { FullSyncLine } from '../model/fullSync';
import type { PassDirection } from '../model/direction';
import type { Progress } from '../ports/session';

/** Where an interrupted pass goes on. */
export interface Resumption {
	/** ISO stamp; null = from the start. */
	since: string | null;
	/** Records dealt with before. */
	done: number;
}

/** Follows a run, direction by direction and page by page. */
export interface RunFollower {
	/** The job of a direction begins. */
	begins(job: Job): FullSyncLine;
	/** Where its pass is to begin. */
	resumption(direction: PassDirection): Resumption;
	/** A page is about to be recorded. `upTo`: newest stamp of its records. */
	page(job: Job, progress: Omit<Progress, 'mapping' | 'direction'>, upTo: string | null): FullSyncLine;
	ends(job: Job): FullSyncLine;
}
