import { SIDES } from '../model/side';
import type { TriggerMapping, TriggerReason } from '../model/trigger';
import { sleepOf, type Watched } from './periods';

/** No wait lasts longer than this, whatever a clock that was set makes of it: a year and a day. */
const LONGEST_MS = 366 * 24 * 3_600_000;

/** Since when something lasts; a time of the future, noted under a clock that was ahead, counts as now. */
export const since = (atMs: number, now: number): number => Math.min(LONGEST_MS, now - Math.min(atMs, now));

/** Both sides that it reads can be looked at. */
export const isSeen = ({ sources }: Watched, known: TriggerMapping): boolean =>
	sources.every((side) => known.sides[side].notLooked === null);

/** How long it waits after a run, as it is now: the interval, or the sleep. */
export const waitOf = (watched: Watched, known: TriggerMapping): number => {
	const sleep = known.asleepSinceMs === null ? 0 : sleepOf(watched, isSeen(watched, known));
	return Math.max(watched.intervalMs, sleep);
};

export const hasNews = ({ sides }: TriggerMapping): boolean => SIDES.some((side) => sides[side].news !== null);

/**
 * Why a mapping is to be started now; null: it is not. What somebody else runs, what was started and not answered, and what waits after a failed run is
 * left alone.
 * @param now epoch milliseconds
 */
export function reasonToStart(watched: Watched, known: TriggerMapping, now: number): TriggerReason | null {
	if (known.emission !== null) return null;
	if (known.notBeforeMs !== null && known.notBeforeMs > now && known.notBeforeMs - now <= LONGEST_MS) return null;
	if (known.owed !== null) return known.owed;
	const waits = known.waitsFromMs === null ? Infinity : since(known.waitsFromMs, now);
	if (hasNews(known) && waits >= known.brakeMs) return 'changed';
	return waits >= waitOf(watched, known) ? 'schedule' : null;
}
