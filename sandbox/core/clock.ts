import type { SandboxClock } from './types';

interface Timer {
	at: number;
	order: number;
	run: () => void;
}

/**
 * Real time until `set` is called, virtual time from then on. Timers (webhook notices, late commits) follow the same time: on virtual time
 * they run inside the `advance` or `set` that passes them, in order of their due time.
 */
export class Clock implements SandboxClock {
	readonly skew: Record<'businessCentral' | 'crm', number> = { businessCentral: 0, crm: 0 };
	private virtual: number | null = null;
	private timers: Timer[] = [];
	private order = 0;
	private readonly real = new Set<NodeJS.Timeout>();

	now(): number {
		return this.virtual ?? Date.now();
	}

	set(epochMs: number): void {
		if (this.virtual === null) {
			for (const timer of this.real) clearTimeout(timer);
			this.real.clear();
		}
		this.virtual = epochMs;
		this.runDue();
	}

	advance(ms: number): void {
		if (this.virtual === null) throw new Error('The sandbox clock runs on real time; call clock.set(epochMs) before clock.advance.');
		const target = this.virtual + ms;
		for (let next = this.nextDue(target); next; next = this.nextDue(target)) {
			this.virtual = Math.max(this.virtual, next.at);
			this.runDue();
		}
		this.virtual = Math.max(this.virtual, target);
	}

	/** Time as a system stamps it. */
	stamp(system: 'businessCentral' | 'crm'): number {
		return this.now() + this.skew[system];
	}

	/** Waits `ms` of real time. On virtual time nobody else would move it, so the wait itself advances the clock. */
	async wait(ms: number): Promise<void> {
		if (ms <= 0) return;
		if (this.virtual === null) return await new Promise((resolve) => setTimeout(resolve, ms));
		this.advance(ms);
		await new Promise((resolve) => setImmediate(resolve));
	}

	/** Runs `run` once, `ms` from now. Never keeps the process alive. Returns a function that cancels it. */
	after(ms: number, run: () => void): () => void {
		const timer: Timer = { at: this.now() + ms, order: this.order++, run };
		this.timers.push(timer);
		if (this.virtual === null) {
			const handle = setTimeout(() => {
				this.real.delete(handle);
				this.fire(timer);
			}, ms);
			handle.unref();
			this.real.add(handle);
		}
		return () => {
			this.timers = this.timers.filter((other) => other !== timer);
		};
	}

	/** Forgets all timers; for closing. */
	clear(): void {
		for (const timer of this.real) clearTimeout(timer);
		this.real.clear();
		this.timers = [];
	}

	private fire(timer: Timer): void {
		if (!this.timers.includes(timer)) return;
		this.timers = this.timers.filter((other) => other !== timer);
		timer.run();
	}

	private nextDue(until: number): Timer | undefined {
		return this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0];
	}

	private runDue(): void {
		for (let next = this.nextDue(this.now()); next; next = this.nextDue(this.now())) this.fire(next);
	}
}
