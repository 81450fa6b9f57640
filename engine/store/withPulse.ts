import type { Pulse } from '../ports/pulse';
import type { SyncStore } from '../ports/syncStore';

/** No call of the store takes so long: a statement is given up after half a minute or less, and sent again three times at most. */
const LONGEST_CALL_MS = 5 * 60_000;
const PLAIN: ReadonlySet<string | symbol> = new Set<keyof SyncStore>(['renewLease', 'close', 'transfer']);

/**
 * The store of a run whose calls are signs of life. Renewing the lease is none: the heartbeat must not take its own work for the run's. Moving the
 * whole state answers at once with an object whose own calls take as long as they take.
 */
export function withPulse(store: SyncStore, pulse: Pulse): SyncStore {
	return new Proxy(store, {
		get(target, name) {
			const value: unknown = Reflect.get(target, name);
			if (typeof value !== 'function') return value;
			const call = (...parameters: unknown[]): unknown => Reflect.apply(value, target, parameters);
			if (PLAIN.has(name)) return call;
			return (...parameters: unknown[]) => pulse.during(LONGEST_CALL_MS, async () => await call(...parameters));
		},
	});
}
