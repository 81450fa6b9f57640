import { DataverseError } from './errors';

interface Use {
	/** Times (epoch ms) of the requests in the window, oldest first. */
	requests: number[];
	/** Ends and durations of finished requests in the window. */
	executions: Array<{ at: number; ms: number }>;
	running: number;
	/** Requests refused in a row; pushing on lengthens the wait. */
	refused: number;
}

/**
 * Service protection limits per user (learn.microsoft.com/power-apps/developer/data-platform/api-limits), on the sandbox's clock. Change
 * the numbers to provoke them early.
 */
export class Limits {
	enabled = true;
	windowMs = 300_000;
	requests = 6000;
	/** Summed execution time, milliseconds. */
	executionMs = 1_200_000;
	concurrent = 52;
	private readonly uses = new Map<string, Use>();

	constructor(private readonly now: () => number) {}

	/** Admits a request or throws 429; call `leave` when it is done. */
	enter(user: string): { leave(): void; headers: Record<string, string> } {
		const use = this.use(user);
		const now = this.now();
		this.forget(use, now);
		if (this.enabled) this.check(use, now);
		use.refused = 0;
		use.running++;
		use.requests.push(now);
		return {
			leave: () => {
				use.running--;
				const ended = this.now();
				use.executions.push({ at: ended, ms: ended - now });
			},
			headers: {
				'x-ms-ratelimit-burst-remaining-xrm-requests': String(Math.max(0, this.requests - use.requests.length)),
				'x-ms-ratelimit-time-remaining-xrm-requests': `${Math.max(0, (this.executionMs - total(use)) / 1000).toFixed(2)}`,
			},
		};
	}

	/** Forgets what was used. */
	reset(): void {
		this.uses.clear();
	}

	private check(use: Use, now: number): void {
		const seconds = Math.round(this.windowMs / 1000);
		if (use.running >= this.concurrent) {
			throw this.refuse(use, 2, '0x80072326', `Number of concurrent requests exceeded the limit of ${this.concurrent}.`);
		}
		if (use.requests.length >= this.requests) {
			const wait = Math.ceil((use.requests[0]! + this.windowMs - now) / 1000);
			throw this.refuse(
				use,
				wait,
				'0x80072322',
				`Number of requests exceeded the limit of ${this.requests} over time window of ${seconds} seconds.`,
			);
		}
		if (total(use) >= this.executionMs) {
			const wait = Math.ceil((use.executions[0]!.at + this.windowMs - now) / 1000);
			throw this.refuse(use, wait, '0x80072321', `Combined execution time of incoming requests exceeded limit of ${this.executionMs.toLocaleString('en-US')} milliseconds over time window of ${seconds} seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.`); // prettier-ignore
		}
	}

	private refuse(use: Use, seconds: number, code: string, message: string): DataverseError {
		const wait = Math.max(1, seconds) + Math.floor(use.refused++ / 10);
		return new DataverseError(429, code, message, { 'retry-after': String(wait) });
	}

	private use(user: string): Use {
		let use = this.uses.get(user);
		if (!use) this.uses.set(user, (use = { requests: [], executions: [], running: 0, refused: 0 }));
		return use;
	}

	private forget(use: Use, now: number): void {
		const from = now - this.windowMs;
		let old = 0;
		while (old < use.requests.length && use.requests[old]! <= from) old++;
		if (old) use.requests.splice(0, old);
		old = 0;
		while (old < use.executions.length && use.executions[old]!.at <= from) old++;
		if (old) use.executions.splice(0, old);
	}
}

const total = (use: Use): number => use.executions.reduce((sum, { ms }) => sum + ms, 0);
