import type { Clock } from '../../../engine/ports/clock';

/** Time that stands still until everybody waits for it; then it jumps to the next waking. */
export function virtualClock(start = Date.parse('2026-03-07T08:00:00Z')): Clock & { slept: number[] } {
	let now = start;
	const sleepers: Array<{ at: number; wake: () => void }> = [];
	const slept: number[] = [];
	let pumping = false;
	const pump = () => {
		sleepers.sort((a, b) => a.at - b.at);
		const next = sleepers.shift();
		if (!next) {
			pumping = false;
			return;
		}
		now = Math.max(now, next.at);
		next.wake();
		setImmediate(pump);
	};
	return {
		slept,
		now: () => now,
		sleep: (ms, signal) =>
			new Promise((resolve, reject) => {
				if (signal?.aborted) return reject(signal.reason);
				slept.push(ms);
				const sleeper = { at: now + ms, wake: resolve };
				sleepers.push(sleeper);
				signal?.addEventListener('abort', () => {
					sleepers.splice(sleepers.indexOf(sleeper), sleepers.includes(sleeper) ? 1 : 0);
					reject(signal.reason);
				});
				if (!pumping) {
					pumping = true;
					setImmediate(pump);
				}
			}),
	};
}
