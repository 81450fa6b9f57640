/** One direction of a mapping's full synchronization. Kept with each page, so that it never tells more or less than what is done. */
export interface FullSyncPass {
	jobId: string | null;
	/** `error`: it was run to the end, but records failed; `stopped`: it was not run to the end. */
	status: 'blank' | 'inProcess' | 'success' | 'error' | 'stopped';
	/** Records dealt with, and those the filter selected when the pass began; null when not counted yet. */
	done: number;
	total: number | null;
	/** The service counts no further than `total` (Dataverse: 5,000). */
	atLeast: boolean;
	/** Records failed in it, also before an interruption. */
	failed: boolean;
	/** ISO stamp of the newest record of the last page that is durably recorded: an interrupted pass goes on here. */
	checkpoint: string | null;
	/** When its reading began, before any interruption, by the service's own clock; ISO. Absent where its answers do not tell the time. */
	beganAt?: string;
	/** How far the service's clock was ahead of ours when the checkpoint was noted (milliseconds); absent as `beganAt`. */
	clockAheadMs?: number;
}

/** What the user chose when the full synchronization was started; a resumed one keeps to it. */
export interface FullSyncChoices {
	/** Whether scheduled runs may create records afterwards, or "synch. only coupled records" stays as it was. */
	afterwards: 'keep' | 'allowCreate';
	/** Where both systems hold records that are not coupled: those that match are coupled first, or all are created. */
	bothSides: 'matchFirst' | 'createAll';
}

/**
 * A mapping's line in the full synchronization that was started last. A mapping without a line was never fully synchronized, or was reset.
 */
export interface FullSyncLine {
	mapping: string;
	/** The run the line belongs to; resuming does not change it. */
	runId: string;
	/** `blank`: its turn has not come. `finished` also when single records failed, then a pass says `error`; `error`: the mapping could not be run. */
	status: 'blank' | 'inProcess' | 'finished' | 'error' | 'stopped';
	choices: FullSyncChoices;
	toCrm: FullSyncPass | null;
	fromCrm: FullSyncPass | null;
	message: string;
	/** ISO, UTC. */
	startedAt: string;
	finishedAt: string | null;
}
