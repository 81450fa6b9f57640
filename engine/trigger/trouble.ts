import type { SyncError } from '../model/errors';
import type { SystemTrouble } from '../model/trigger';

const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 30 * 60_000;
const TOLD_AFTER_MS = 15 * 60_000;
const TOLD_AGAIN_MS = 6 * 3_600_000;

/** One failed look more: when the next one is made, after 1, 2, 4 … 30 minutes, or when the service says. */
export function troubleAfter(before: SystemTrouble | null, error: SyncError, now: number): SystemTrouble {
	const attempts = (before?.attempts ?? 0) + 1;
	const wait = error.retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, attempts - 1));
	const { code, message, hint } = error;
	return {
		...{ sinceMs: Math.min(before?.sinceMs ?? now, now), attempts, code, message, hint, toldMs: before?.toldMs ?? null },
		nextMs: now + Math.min(LONGEST_WAIT_MS, Math.max(1_000, wait)),
	};
}

/**
 * Whether people are to be told now, by a failed execution: at once of what a person has to set right, of what may go by itself after a quarter of an hour, and
 * of either again every six hours.
 */
export function isToBeTold({ toldMs, sinceMs }: Pick<SystemTrouble, 'toldMs' | 'sinceMs'>, error: SyncError, now: number): boolean {
	if (toldMs !== null && toldMs <= now) return now - toldMs >= TOLD_AGAIN_MS;
	return error.errorClass === 'setup' || now - sinceMs >= TOLD_AFTER_MS;
}

/** A time that was noted under a clock that was ahead is over at once, for nothing is waited for so long. */
export const isOver = (atMs: number, now: number): boolean => atMs <= now || atMs - now > LONGEST_WAIT_MS;
