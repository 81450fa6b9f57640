import type { StoredTrigger } from '../model/trigger';

/** A trigger that has not been heard of for so long is at work no more: its workflow is not published, or n8n does not run. */
const GONE_MS = 5 * 60_000;

/** A trigger tells that it is there with each look; the next one may be an hour away. */
export function isAlive({ state }: Pick<StoredTrigger, 'state'>, now: number): boolean {
	const { aliveMs, lookEveryMs, lastLookMs, nextLookMs } = state;
	const everyMs = lastLookMs === null || nextLookMs === null ? lookEveryMs : Math.max(lookEveryMs, nextLookMs - lastLookMs);
	return Math.abs(now - aliveMs) <= GONE_MS + everyMs;
}
