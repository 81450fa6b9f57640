import type { Watermark } from '../../model/watermark';

/** A moment by a service's own clock (epoch milliseconds), and how far that clock was ahead of ours then (milliseconds). */
export interface ServiceTime {
	at: number;
	ahead: number;
}

/** Clocks that are kept in step still differ by so much, and answers tell whole seconds: nobody set one. */
export const STEADY_MS = 60_000;

/** From when on changes are read: ISO, or null for all there is. `earlier`: a clock was set, so that the watermark alone would lose edits. */
export interface Since {
	stamp: string | null;
	earlier: boolean;
}

/**
 * The watermark less the overlap. Where the service's clock has fallen behind ours by some time since the watermark was noted (it was set back, or ours
 * was set ahead), what was edited since bears stamps that are earlier by as much at most: so much more is read. A watermark of the future, of which
 * nothing tells how it came about, says nothing of what was edited when; then all is read once, by id and version.
 * @param now null where the service's answers do not tell the time: then `ours`, our own clock (epoch milliseconds), has to do
 */
export function sinceOf({ stamp, clockAheadMs }: Watermark, overlapMs: number, now: ServiceTime | null, ours: number): Since {
	if (stamp === null) return { stamp: null, earlier: false };
	const fellBack = now === null || typeof clockAheadMs !== 'number' ? 0 : clockAheadMs - now.ahead;
	const back = fellBack > STEADY_MS ? fellBack : 0;
	const from = Date.parse(stamp) - back;
	if (from > (now?.at ?? ours) + STEADY_MS) return { stamp: null, earlier: true };
	return { stamp: new Date(from - overlapMs).toISOString(), earlier: back > 0 };
}

/** Whether `one` begins before `other`. */
export const isEarlier = (one: string | null, other: string | null): boolean =>
	other !== null && (one === null || Date.parse(one) < Date.parse(other));
