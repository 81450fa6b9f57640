import type { SyncStore } from '../../ports/syncStore';
import { NO_COUNTERS } from '../../jobs/recorder';
import type { MappingFigures } from './types';
import type { Job } from '../../model/job';

/** Runs looked at to learn how often a mapping runs, and how many it takes to say. */
const RUNS = 60;
const GAPS_NEEDED = 3;
const WEEK_MS = 7 * 24 * 60 * 60_000;

export const blankFigures = (mapping: string, caption: string): MappingFigures => ({
	mapping,
	caption,
	counters: { ...NO_COUNTERS },
	jobs: 0,
	last: null,
	intervalMinutes: null,
	overdue: false,
	failing: null,
});

export function addJob(figures: MappingFigures, job: Job): void {
	figures.jobs++;
	for (const name of Object.keys(NO_COUNTERS) as Array<keyof typeof NO_COUNTERS>) figures.counters[name] += job[name];
}

/** When the mapping ran last, and whether it should have run since. */
export async function addLastRun(figures: MappingFigures, store: SyncStore, now: number, interval: number | undefined): Promise<void> {
	const { rows } = await store.jobs({ mapping: figures.mapping, limit: RUNS });
	const [newest] = rows;
	if (newest) figures.last = { at: newest.startedAt, status: newest.status, message: newest.message };
	const newestOf = (direction: Job['direction']): Job | undefined =>
		rows.find((job) => job.direction === direction && job.status !== 'running' && job.status !== 'alreadyRunning');
	const failed = [newestOf('toCrm'), newestOf('fromCrm')].find((job) => job?.status === 'failed');
	// One that nobody has run for so long is overdue, or given up.
	figures.failing = failed && now - Date.parse(failed.startedAt) < WEEK_MS ? failed.message : null;
	const runs = rows.filter(({ type }) => type === 'synchronization' || type === 'fullSynchronization');
	figures.intervalMinutes = interval ?? usualInterval(runs);
	const started = runs[0] ? Date.parse(runs[0].startedAt) : null;
	figures.overdue = figures.intervalMinutes !== null && started !== null && now - started > 2 * figures.intervalMinutes * 60_000;
}

/** Median of the time between runs, in minutes. The two directions of a run count once. */
function usualInterval(runs: readonly Job[]): number | null {
	const starts = runs
		.filter(({ direction }) => direction === runs[0]?.direction)
		.map(({ startedAt }) => Date.parse(startedAt))
		.sort((a, b) => a - b);
	const gaps = starts
		.slice(1)
		.map((start, index) => start - starts[index]!)
		.sort((a, b) => a - b);
	const median = gaps[Math.floor(gaps.length / 2)];
	return gaps.length < GAPS_NEEDED || median === undefined ? null : Math.max(1, Math.round(median / 60_000));
}
