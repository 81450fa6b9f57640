import type { Job } from '../model/job';
import { type BySide, SIDES } from '../model/side';
import type { SeenRun, SeenVersion, TriggerMapping, TriggerSide } from '../model/trigger';
import type { Watermark } from '../model/watermark';

/** What is known about a run once it is over. */
export interface Ended {
	/** All jobs that it consists of, newest first; at least one. */
	jobs: readonly Job[];
	/** How far the mapping has read each side by now. */
	watermarks: BySide<Watermark | null>;
	/** Something is left that no change announces: failed records, records to be looked at again, couplings to be synchronized. */
	leftOver: boolean;
	/** Records failed for a reason that goes by. */
	failedForNow: boolean;
}

export interface RunTerms {
	/** Epoch milliseconds. */
	now: number;
	intervalMs: number;
	longestRetryMs: number;
	lookEveryMs: number;
}

const FIRST_RETRY_MS = 30_000;
/** So many runs in a row that changes started and that had no effect, one soon after the other, put the brake on. */
const IDLE_RUNS = 3;
const SOON_MS = 10 * 60_000;
const MOST_REPORTED = 200;

/** Milliseconds until a mapping is tried again: 30 seconds, doubled each time. */
export const retryAfter = (attempts: number, longestMs: number): number =>
	Math.min(longestMs, FIRST_RETRY_MS * 2 ** Math.min(20, attempts - 1));

export const effectOf = (jobs: readonly Job[]): number =>
	jobs.reduce((sum, job) => sum + job.inserted + job.modified + job.deleted + job.failed + job.coupled + job.uncoupled, 0);

/** How the run ended as a whole. */
export function statusOf(jobs: readonly Job[]): SeenRun['status'] {
	if (jobs.some(({ status }) => status === 'failed')) return 'failed';
	return jobs.some(({ status }) => status === 'stopped') ? 'stopped' : 'finished';
}

/** What a mapping waits for once a run that it was started for is over. */
export function afterRun(known: TriggerMapping, ended: Ended, terms: RunTerms): TriggerMapping {
	const { jobs } = ended;
	const { now } = terms;
	const effect = effectOf(jobs);
	const status = statusOf(jobs);
	const reason = known.emission?.reason ?? 'schedule';
	const lastRun = { jobId: jobs[0]!.id, finishedAt: jobs[0]!.finishedAt ?? new Date(now).toISOString(), status, effect };
	const over: TriggerMapping = {
		...known,
		...{ emission: null, unanswered: 0, newestJob: jobs[0]!.id, lastRun, waitsFromMs: now, owed: null, attempts: 0, notBeforeMs: null },
	};
	const again = (owed: TriggerMapping['owed']): TriggerMapping => {
		const attempts = known.attempts + 1;
		return { ...over, asleepSinceMs: null, owed, attempts, notBeforeMs: now + retryAfter(attempts, terms.longestRetryMs) };
	};
	if (status === 'failed') return again('retry');
	// A run that was stopped at its limit goes on at once; one that came nowhere is tried again later.
	if (status === 'stopped') return effect > 0 ? { ...over, asleepSinceMs: null, owed: 'continue' } : again('continue');
	const sides = { businessCentral: covered(known, 'businessCentral', ended), crm: covered(known, 'crm', ended) };
	const settled = { ...braked(over, { effect, reason, since: known.waitsFromMs }, terms), sides, slowestMs: slowest(known, sides, jobs) };
	if (SIDES.some((side) => sides[side].news !== null)) return { ...again(null), sides, slowestMs: settled.slowestMs };
	if (ended.failedForNow) return { ...again('retry'), sides, slowestMs: settled.slowestMs };
	if (effect > 0) return { ...settled, asleepSinceMs: null };
	const sleeps = (reason === 'schedule' || reason === 'start') && !ended.leftOver;
	return sleeps ? { ...settled, asleepSinceMs: known.asleepSinceMs ?? now } : settled;
}

/** News that a run which began after it was seen has read is none any more, whatever the run made of it. */
function covered({ sides, emission }: TriggerMapping, side: keyof BySide<unknown>, { watermarks }: Ended): TriggerSide {
	const known = sides[side];
	const { news } = known;
	if (news === null) return known;
	const read = watermarks[side]?.stamp ?? null;
	// A table that every run reads as a whole has no watermark.
	if (read === null) return emission === null ? known : { ...known, news: null, reported: reportedWith(known.reported, news.rows) };
	const gap = Date.parse(read) - Date.parse(news.seenAt);
	// Within one second the services' clocks do not tell which came first; a run that was started for it came after.
	if (gap < 0 || (gap === 0 && emission === null)) return known;
	return { ...known, news: null, reported: reportedWith(known.reported, news.rows) };
}

/** The newest 200, each record once. */
export function reportedWith(reported: readonly SeenVersion[], rows: readonly SeenVersion[]): SeenVersion[] {
	const added = new Set(rows.map(([id]) => id));
	return [...reported.filter(([id]) => !added.has(id)), ...rows].slice(-MOST_REPORTED);
}

function braked(
	over: TriggerMapping,
	{ effect, reason, since }: { effect: number; reason: string; since: number | null },
	{ now, intervalMs, lookEveryMs }: RunTerms,
): TriggerMapping {
	if (effect > 0) return { ...over, idleRuns: 0, brakeMs: 0 };
	if (reason !== 'changed') return over;
	const isSoon = since !== null && now - since <= Math.max(SOON_MS, 2 * over.brakeMs);
	const idleRuns = isSoon ? over.idleRuns + 1 : 1;
	const brakeMs = idleRuns < IDLE_RUNS ? 0 : Math.min(intervalMs, Math.max(2 * over.brakeMs, 2 * lookEveryMs));
	return { ...over, idleRuns, brakeMs };
}

/** From the stamp of a change to the start of the run that read it, by two clocks: for people, who want to know whether it takes seconds or hours. */
function slowest(known: TriggerMapping, sides: BySide<TriggerSide>, jobs: readonly Job[]): number | null {
	const began = Math.min(...jobs.map(({ startedAt }) => Date.parse(startedAt)));
	const taken = SIDES.flatMap((side) => {
		const { news } = known.sides[side];
		return news?.since && sides[side].news === null ? [Math.max(0, began - Date.parse(news.since))] : [];
	});
	return taken.length === 0 ? known.slowestMs : Math.max(known.slowestMs ?? 0, ...taken);
}
