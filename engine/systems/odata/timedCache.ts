import type { Clock } from '../../ports/clock';

/**
 * Remembers what changes rarely (metadata) across sessions of one process, for a limited time. A call under way is shared; one that fails is
 * forgotten.
 */
export class TimedCache<T> {
	private readonly entries = new Map<string, { at: number; value: Promise<T> }>();

	constructor(private readonly lifeMs: number) {}

	get(key: string, clock: Clock, load: () => Promise<T>): Promise<T> {
		const now = clock.now();
		// An age below zero: another clock (a test's, or one that was set back).
		for (const [name, { at }] of this.entries) if (now < at || now - at >= this.lifeMs) this.entries.delete(name);
		const known = this.entries.get(key);
		if (known) return known.value;
		const value = load();
		const entry = { at: now, value };
		this.entries.set(key, entry);
		value.catch(() => {
			if (this.entries.get(key) === entry) this.entries.delete(key);
		});
		return value;
	}

	/** Whether something is remembered, which may be a while old. */
	has(key: string, clock: Clock): boolean {
		const known = this.entries.get(key);
		const age = known === undefined ? Infinity : clock.now() - known.at;
		return age >= 0 && age < this.lifeMs;
	}

	/** What was remembered under the key is no longer so. */
	forget(key: string): void {
		this.entries.delete(key);
	}

	/** The same for all keys that begin so. */
	forgetAll(beginning: string): void {
		for (const key of this.entries.keys()) if (key.startsWith(beginning)) this.entries.delete(key);
	}

	clear(): void {
		this.entries.clear();
	}
}

/** How long metadata is taken to stay as it is. */
export const METADATA_LIFE_MS = 15 * 60_000;
