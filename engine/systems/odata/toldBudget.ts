/** What a service tells is left of its budgets for this user. */
export interface BudgetLeft {
	requests?: number;
	executionMs?: number;
}

/** What was told longer ago says nothing any more: others may have used it up, or the window has moved on. */
const HOLDS_MS = 60_000;

/**
 * What is left of a user's budget as the service itself counts it: with what other programs of the same user have sent, which nobody here sees. It is a hint and
 * no promise ("Service protection API limits", learn.microsoft.com, has the headers for finding faults), so it only makes requests fewer and larger, and fewer at
 * a time, and holds nothing back: a refusal says when to come again.
 */
export class ToldBudget {
	private told: { left: BudgetLeft; at: number; sent: number } | null = null;

	note(left: BudgetLeft, now: number): void {
		this.told = { left, at: now, sent: 0 };
	}

	/** A request was sent since. */
	sent(): void {
		if (this.told) this.told.sent++;
	}

	/** Infinite where nothing is known. */
	requestsLeft(now: number): number {
		const told = this.current(now);
		return told?.left.requests === undefined ? Number.POSITIVE_INFINITY : Math.max(0, told.left.requests - told.sent);
	}

	/** So many at a time the budgets bear; at least one. `averageMs`: what a request takes, 0 where that is not known. */
	places(now: number, averageMs: number): number {
		const time = this.current(now)?.left.executionMs;
		const inTime = time === undefined || averageMs === 0 ? Number.POSITIVE_INFINITY : Math.floor(time / averageMs);
		return Math.max(1, Math.min(this.requestsLeft(now), inTime));
	}

	private current(now: number): ToldBudget['told'] {
		return this.told && now >= this.told.at && now < this.told.at + HOLDS_MS ? this.told : null;
	}
}
