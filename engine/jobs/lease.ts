import { RunStopped } from '../model/errors';
import { acquireLease, isTaken, type Taken } from './acquireLease';
import type { SyncSession } from '../ports/session';
import type { Lease } from '../model/lease';

/** A dead run's lease is free after this time. */
const TTL_MS = 2 * 60_000;
const HEARTBEAT_MS = 20_000;

export interface HeldLease {
	lease: Lease;
	/** Throws RunStopped when the lease was lost. */
	keep(): Promise<void>;
	release(): Promise<void>;
}

/**
 * Takes the right to run a mapping, and renews it while the run lasts (also while it waits for a throttled service). `Taken` when somebody
 * else has it. A run that was cancelled, or that hangs (see `Pulse`), is not renewed any more: what holds it up must not hold up the mapping.
 */
export async function holdLease(session: SyncSession, mapping: string): Promise<HeldLease | Taken> {
	const lease = await acquireLease(session, mapping, TTL_MS);
	if (isTaken(lease)) return lease;
	let lost = false;
	let renewedAt = session.clock.now();
	const renew = async (): Promise<void> => {
		if (!(await session.store.renewLease(lease, TTL_MS))) lost = true;
		else renewedAt = session.clock.now();
	};
	let renewing = false;
	const beat = async (): Promise<void> => {
		if (session.signal?.aborted) clearInterval(timer);
		else if (!renewing && (session.pulse?.alive ?? true)) {
			renewing = true;
			// A failing heartbeat is no reason to stop: the next page border decides, and the fence refuses writes of a run that lost its lease.
			await renew()
				.catch(() => undefined)
				.finally(() => (renewing = false));
		}
	};
	const timer = setInterval(() => void beat(), HEARTBEAT_MS);
	timer.unref();
	return {
		lease,
		async keep() {
			if (!lost && session.clock.now() - renewedAt >= HEARTBEAT_MS) await renew();
			if (lost) throw new RunStopped('leaseLost');
		},
		async release() {
			clearInterval(timer);
			// What cannot be released expires.
			await session.store.releaseLease(lease).catch(() => undefined);
		},
	};
}
