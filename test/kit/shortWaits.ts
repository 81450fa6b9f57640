import { systemClock } from '../../engine';

/**
 * For suites of nodes that run into retries: n8n's nodes wait on the clock of the system, and what is tested is what they say in the end. Waits are asked
 * for as always, and answered after a hundredth of the time. To be called where hooks are: it lasts until the end of the suite.
 */
export function shortenWaits(): void {
	const { sleep } = systemClock;
	beforeAll(() => {
		systemClock.sleep = (ms, signal) => sleep(ms / 100, signal);
	});
	afterAll(() => {
		systemClock.sleep = sleep;
	});
}
