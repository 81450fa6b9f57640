import type { Clock } from './clock';

/** Between two signs of life a run only computes; this is far more than that takes. */
const QUIET_MS = 2 * 60_000;

/**
 * Tells whether a run is alive, for the heartbeat of its lease. Every wait of the run ends by itself within some time, and is announced with that time:
 * an answer of a service, a pause that a service asked for, a statement of the store. A run that waits for longer than announced, or that has been
 * quiet for two minutes without waiting for anything, hangs; nobody must renew its lease, or the mapping would be blocked as long as it hangs.
 */
export class Pulse {
	private last: number;
	private readonly waits = new Set<{ until: number }>();

	constructor(private readonly clock: Clock) {
		this.last = clock.now();
	}

	/** Announces a wait of at most `ms`; the function it answers is to be called when the wait is over. */
	waiting(ms: number): () => void {
		const wait = { until: this.clock.now() + ms };
		this.waits.add(wait);
		return () => {
			this.waits.delete(wait);
			this.last = this.clock.now();
		};
	}

	/** Announces the time that `work` may take. */
	async during<T>(ms: number, work: () => Promise<T>): Promise<T> {
		const over = this.waiting(ms);
		try {
			return await work();
		} finally {
			over();
		}
	}

	get alive(): boolean {
		const now = this.clock.now();
		return now - this.last <= QUIET_MS || [...this.waits].some(({ until }) => now <= until);
	}
}
