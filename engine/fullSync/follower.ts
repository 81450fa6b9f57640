import type { TableMapping } from '../model/tableMapping';
import { openDirections, resumeStamp } from './line';
import { type PassDirection, sourceSide } from '../model/direction';
import type { Job } from '../model/job';
import type { FullSyncLine, FullSyncPass } from '../model/fullSync';
import type { ReadUpTo, Resumption, RunFollower } from '../jobs/runFollower';

/** Keeps a line of the full synchronization in step with the run of its mapping. */
export class LineFollower implements RunFollower {
	constructor(
		private current: FullSyncLine,
		private readonly mapping: TableMapping,
	) {}

	get line(): FullSyncLine {
		return this.current;
	}

	begins(job: Job): FullSyncLine {
		return this.change(job, { jobId: job.id, status: 'inProcess' }, { status: 'inProcess', message: '', finishedAt: null });
	}

	resumption(direction: PassDirection): Resumption {
		const pass = this.current[direction];
		if (!pass) return { since: null, clockAheadMs: null, done: 0 };
		const since = resumeStamp(pass, this.mapping.overlapMs[sourceSide(direction)]);
		return { since, clockAheadMs: pass.clockAheadMs ?? null, done: since === null ? 0 : pass.done };
	}

	page(job: Job, { done, total, atLeast }: Pick<FullSyncPass, 'done' | 'total' | 'atLeast'>, upTo: ReadUpTo | null): FullSyncLine {
		const known = total === null || atLeast ? done : Math.min(done, total);
		const failed = job.failed > 0 || (this.current[job.direction!]?.failed ?? false);
		const before = this.current[job.direction!];
		const beganAt = before?.beganAt ?? upTo?.beganAt;
		const reached =
			upTo === null
				? {}
				: {
						checkpoint: upTo.stamp,
						...(beganAt === undefined ? {} : { beganAt }),
						...(typeof upTo.clockAheadMs === 'number' ? { clockAheadMs: upTo.clockAheadMs } : {}),
					};
		return this.change(job, { done: known, total, atLeast, failed, ...reached }, {});
	}

	/** Failed records put an error on the direction, and the line still counts as finished. */
	ends(job: Job): FullSyncLine {
		const finished = job.status === 'finished';
		const pass = this.current[job.direction!];
		const failed = job.failed > 0 || (pass?.failed ?? false);
		const status = finished ? (failed ? 'error' : 'success') : 'stopped';
		const counted = pass?.total ?? 0;
		this.change(job, { status, failed, ...(finished ? { total: counted, checkpoint: null } : {}) }, { message: job.message });
		const more = finished && openDirections(this.current).length > 0;
		return this.change(
			job,
			{},
			{
				status: finished ? (more ? 'inProcess' : 'finished') : job.status === 'failed' ? 'error' : 'stopped',
				finishedAt: more ? null : job.finishedAt,
			},
		);
	}

	private change(job: Job, pass: Partial<FullSyncPass>, line: Partial<FullSyncLine>): FullSyncLine {
		const direction = job.direction!;
		const before = this.current[direction];
		this.current = { ...this.current, ...line, ...(before ? { [direction]: { ...before, ...pass } } : {}) };
		return this.current;
	}
}
