import type { Clock } from './clock';

/**
 * Time that work may take. What has passed is added up each time somebody looks, so that a clock that is set back takes nothing back; one that is set
 * ahead ends the work early, and the next run goes on.
 */
export class TimeBudget {
	private spentMs = 0;
	private last: number;

	/** `ms`: as much as there is. */
	constructor(
		private readonly clock: Clock,
		private readonly ms: number,
	) {
		this.last = clock.now();
	}

	/** Milliseconds; 0 when it is used up. */
	get leftMs(): number {
		const now = this.clock.now();
		this.spentMs += Math.max(0, now - this.last);
		this.last = now;
		return Math.max(0, this.ms - this.spentMs);
	}

	get isSpent(): boolean {
		return this.leftMs === 0;
	}
}
