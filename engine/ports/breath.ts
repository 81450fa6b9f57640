/** Milliseconds after which a loop lets others have a turn. */
const TURN_MS = 10;

/**
 * For loops that wait for nothing: called after each round, it lets n8n's event loop turn once so much time has passed since it did. How long a round takes
 * is not known beforehand, for rules of a user's own may cost more for one value than all else does for a page.
 */
export function breather(): () => Promise<void> {
	let since = performance.now();
	return async () => {
		if (performance.now() - since < TURN_MS) return;
		await new Promise((resolve) => setImmediate(resolve));
		since = performance.now();
	};
}
