/** However often something was tried: longer pauses help nobody. */
const LONGEST_MS = 60_000;

/**
 * Milliseconds to wait after a try: twice as long after each, at most a minute, and at least half of that at random, so that clients that failed
 * together do not come back together. `attempt`: 1 for the first; `random`: 0 to 1.
 */
export function backOffMs(firstMs: number, attempt: number, random: number): number {
	const full = Math.min(LONGEST_MS, firstMs * 2 ** (attempt - 1));
	return Math.round(full / 2 + (random * full) / 2);
}
