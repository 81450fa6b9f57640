import type { Job } from '../model/job';
import type { FullSyncLine } from '../model/fullSync';
import type { PassDirection } from '../model/direction';
import type { Watermark } from '../model/watermark';
import type { Progress } from '../ports/session';

/** Where an interrupted pass goes on. */
export interface Resumption {
	/** ISO stamp; null = from the start. */
	since: string | null;
	/** See `Watermark`; how the service's clock stood when that was noted. */
	clockAheadMs: number | null;
	/** Records dealt with before. */
	done: number;
}

/** How far a pass has come. */
export interface ReadUpTo extends Pick<Watermark, 'stamp' | 'clockAheadMs'> {
	/** By the service's clock, ISO; absent where its answers do not tell the time. */
	beganAt?: string;
}

/** Follows a run, direction by direction and page by page. */
export interface RunFollower {
	/** The job of a direction begins. */
	begins(job: Job): FullSyncLine;
	/** Where its pass is to begin. */
	resumption(direction: PassDirection): Resumption;
	/** A page is about to be recorded. `upTo`: until when the records are dealt with, and when their reading began. */
	page(job: Job, progress: Omit<Progress, 'mapping' | 'direction'>, upTo: ReadUpTo | null): FullSyncLine;
	ends(job: Job): FullSyncLine;
}
