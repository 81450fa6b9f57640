import type { TriggerSignal } from '../model/trigger';

/** However many webhooks come in, no more looks are made for them than six a minute. */
const LEAST_APART_MS = 10_000;

/**
 * Whether what webhooks told is to be looked at now: a while after the last of them, and soon enough after the first.
 * @param terms milliseconds; `lastLookMs` null: there was none
 */
export function ripe(
	signals: readonly TriggerSignal[],
	{ quietMs, longestWaitMs, now, lastLookMs }: { quietMs: number; longestWaitMs: number; now: number; lastLookMs: number | null },
): boolean {
	if (signals.length === 0) return false;
	if (lastLookMs !== null && lastLookMs <= now && now - lastLookMs < LEAST_APART_MS) return false;
	const last = Math.max(...signals.map(({ lastMs }) => lastMs));
	const first = Math.min(...signals.map(({ firstMs }) => firstMs));
	// What was noted by a clock that is ahead is ripe at once.
	return now - last >= quietMs || last > now || now - first >= longestWaitMs;
}
