import type { Clock } from '../../ports/clock';
import { throwIfStopped } from './abort';
import { type BudgetLeft, ToldBudget } from './toldBudget';

export interface LimiterOptions {
	clock: Clock;
	/** Requests at a time. */
	concurrent: number;
	/** Requests in any window of `windowMs`. */
	requestsPerWindow: number;
	/** Sum of the time requests took, in any window; undefined = not limited. */
	executionMsPerWindow?: number;
	windowMs: number;
}

/** Successes in a row after which one more request may be in flight. */
const GROW_AFTER = 20;

/**
 * Keeps a user's requests within the budgets a service documents: so many at a time, so many in a sliding window. After a refusal it halves
 * the number in flight, holds everything back as long as the service asked for, and grows again with success.
 */
export class Limiter {
	private maximum: number;
	private allowed: number;
	private active = 0;
	private successes = 0;
	private heldUntil = 0;
	/** When the hold was asked for. */
	private heldSince = 0;
	private readonly waiting: Array<() => void> = [];
	/** When requests of the last window started, and what those that ended took. */
	private readonly started: number[] = [];
	private readonly ended: Array<{ at: number; tookMs: number }> = [];
	private executionMs = 0;
	private readonly told = new ToldBudget();

	constructor(private readonly options: LimiterOptions) {
		this.maximum = Math.max(1, options.concurrent);
		this.allowed = this.maximum;
	}

	/** How many requests may be in flight now. */
	get concurrency(): number {
		const now = this.options.clock.now();
		return Math.min(this.allowed, this.told.places(now, this.averageMs));
	}

	/** Requests of the window that are not used yet, by what was sent here and by what the service tells. */
	get requestsLeft(): number {
		const now = this.options.clock.now();
		this.leaveWindow(now);
		return Math.max(0, Math.min(this.options.requestsPerWindow - this.started.length, this.told.requestsLeft(now)));
	}

	/** The service says what is left of its budgets. */
	noteLeft(left: BudgetLeft): void {
		this.told.note(left, this.options.clock.now());
		this.wake();
	}

	/** Sets the most that may be in flight, e.g. from a hint of the service. */
	setMaximum(concurrent: number): void {
		const maximum = Math.max(1, Math.floor(concurrent));
		if (maximum > this.maximum && this.allowed === this.maximum) this.allowed = maximum;
		this.maximum = maximum;
		this.allowed = Math.min(this.allowed, maximum);
		this.wake();
	}

	/** Runs the task when its turn has come. Rejects with RunStopped when the signal is aborted while it waits. */
	async run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
		await this.enter(signal);
		const start = this.options.clock.now();
		try {
			return await task();
		} finally {
			this.active--;
			this.recordTime(this.options.clock.now() - start);
			this.wake();
		}
	}

	/** The service refused a request: fewer at a time, and none at all for `holdMs`. */
	refused(holdMs: number): void {
		this.successes = 0;
		this.allowed = Math.max(1, Math.floor(this.allowed / 2));
		this.forgetTheFuture(this.options.clock.now());
		this.heldSince = this.options.clock.now();
		this.heldUntil = Math.max(this.heldUntil, this.heldSince + holdMs);
	}

	succeeded(): void {
		if (this.allowed >= this.maximum || ++this.successes < GROW_AFTER) return;
		this.successes = 0;
		this.allowed++;
		this.wake();
	}

	private async enter(signal?: AbortSignal): Promise<void> {
		for (;;) {
			throwIfStopped(signal);
			if (this.active >= this.concurrency) {
				await this.turn(signal);
				continue;
			}
			const waitMs = this.waitMs();
			if (waitMs <= 0) break;
			await this.options.clock.sleep(waitMs, signal);
		}
		this.active++;
		this.told.sent();
		this.started.push(this.options.clock.now());
	}

	/** Resolves when a place may have become free, or the signal is aborted. */
	private turn(signal?: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const go = () => {
				signal?.removeEventListener('abort', onAbort);
				resolve();
			};
			const onAbort = () => {
				const index = this.waiting.indexOf(go);
				if (index >= 0) this.waiting.splice(index, 1);
				resolve();
			};
			this.waiting.push(go);
			signal?.addEventListener('abort', onAbort, { once: true });
		});
	}

	private wake(): void {
		for (let free = this.concurrency - this.active; free > 0; free--) this.waiting.shift()?.();
	}

	/** What requests of the window took on average; 0 where none has ended. */
	private get averageMs(): number {
		return this.ended.length === 0 ? 0 : this.executionMs / this.ended.length;
	}

	private waitMs(): number {
		const { clock, windowMs, requestsPerWindow, executionMsPerWindow } = this.options;
		const now = clock.now();
		this.forgetTheFuture(now);
		this.leaveWindow(now);
		const held = this.heldUntil - now;
		const full = this.started.length >= requestsPerWindow ? this.started[this.started.length - requestsPerWindow]! + windowMs - now : 0;
		// Those under way count as what requests of the window took on average: many at a time would otherwise go far beyond the budget together.
		const expected = this.executionMs + this.active * this.averageMs;
		const busy =
			executionMsPerWindow !== undefined && this.ended.length > 0 && expected >= executionMsPerWindow
				? this.ended[0]!.at + windowMs - now
				: 0;
		return Math.max(held, full, busy, 0);
	}

	private leaveWindow(now: number): void {
		const { windowMs } = this.options;
		while (this.started.length > 0 && this.started[0]! <= now - windowMs) this.started.shift();
		while (this.ended.length > 0 && this.ended[0]!.at <= now - windowMs) this.executionMs -= this.ended.shift()!.tookMs;
	}

	/** A clock that was set back would hold requests up until it has caught up: what seems to lie ahead counts as now. */
	private forgetTheFuture(now: number): void {
		for (let last = this.started.length - 1; last >= 0 && this.started[last]! > now; last--) this.started[last] = now;
		for (let last = this.ended.length - 1; last >= 0 && this.ended[last]!.at > now; last--) this.ended[last]!.at = now;
		if (now < this.heldSince) this.heldUntil = now + Math.max(0, this.heldUntil - this.heldSince);
		this.heldSince = Math.min(this.heldSince, now);
	}

	private recordTime(tookMs: number): void {
		if (this.options.executionMsPerWindow === undefined) return;
		this.ended.push({ at: this.options.clock.now(), tookMs });
		this.executionMs += tookMs;
	}
}

const shared = new Map<string, { limiter: Limiter; clock: Clock }>();

/**
 * The limiter for a budget. Sessions of one process that name the same key share it, because the service counts per user; without a key
 * the session gets its own. The number at a time follows the session that asked last.
 */
export function limiterFor(key: string | undefined, options: LimiterOptions): Limiter {
	if (key === undefined) return new Limiter(options);
	const known = shared.get(key);
	if (known && known.clock === options.clock) {
		known.limiter.setMaximum(options.concurrent);
		return known.limiter;
	}
	const limiter = new Limiter(options);
	shared.set(key, { limiter, clock: options.clock });
	return limiter;
}
