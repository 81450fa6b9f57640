import type { Clock } from '../core/clock';
import { BcError } from './errors';

/** Limits of one user (learn.microsoft.com "Operational limits"). Tests may lower them. */
export interface ThrottleLimits {
	concurrent: number;
	queue: number;
	/** Requests in a sliding window. */
	rate: number;
	windowMs: number;
	/** A request that waits longer in the queue is answered 503. */
	queueMs: number;
	/** One request, a whole batch included: 408 when it takes longer; the gateway gives up later with 504. */
	requestMs: number;
	gatewayMs: number;
}

interface Load {
	running: number;
	waiting: Array<{ go: () => void }>;
	/** Times of the requests of the window, oldest first, from `first` on. */
	times: number[];
	first: number;
}

/** Per user: 5 requests at a time, 95 in the queue, 6,000 in five minutes. */
export class Throttle {
	readonly limits: ThrottleLimits = {
		concurrent: 5,
		queue: 95,
		rate: 6000,
		windowMs: 300_000,
		queueMs: 480_000,
		requestMs: 480_000,
		gatewayMs: 600_000,
	};
	private readonly loads = new Map<string, Load>();

	constructor(private readonly clock: Clock) {}

	/** Waits for a free place; the result gives it back. Throws 429 without Retry-After, or 503 with it. */
	async enter(user: string): Promise<() => void> {
		const load = this.load(user);
		this.countRequest(load);
		if (load.running >= this.limits.concurrent) {
			if (load.waiting.length >= this.limits.queue) {
				const most = this.limits.concurrent + this.limits.queue;
				throw tooMany(most + 1, most);
			}
			await this.wait(load);
		} else {
			load.running++;
		}
		let left = false;
		return () => {
			if (left) return;
			left = true;
			const next = load.waiting.shift();
			if (next) next.go();
			else load.running--;
		};
	}

	private load(user: string): Load {
		let load = this.loads.get(user);
		if (!load) this.loads.set(user, (load = { running: 0, waiting: [], times: [], first: 0 }));
		return load;
	}

	private countRequest(load: Load): void {
		const now = this.clock.now();
		while (load.first < load.times.length && load.times[load.first]! <= now - this.limits.windowMs) load.first++;
		if (load.first > 10_000) {
			load.times = load.times.slice(load.first);
			load.first = 0;
		}
		const count = load.times.length - load.first;
		if (count >= this.limits.rate) throw tooMany(count + 1, this.limits.rate);
		load.times.push(now);
	}

	private async wait(load: Load): Promise<void> {
		await new Promise<void>((resolve, reject) => {
			const place = { go: () => (cancel(), resolve()) };
			const cancel = this.clock.after(this.limits.queueMs, () => {
				load.waiting = load.waiting.filter((other) => other !== place);
				reject(new BcError(503, 'Internal_TenantUnavailable', 'The request was in the queue for too long.', { 'retry-after': '60' }));
			});
			load.waiting.push(place);
		});
	}
}

const tooMany = (actual: number, most: number) =>
	new BcError(429, 'Application_TooManyRequests', `Too many requests reached. Actual (${actual}). Maximum (${most}).`);
