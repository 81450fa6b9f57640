import { RunStopped } from '../errors';
import type { SyncSession } from '../session';
import type { Lease } from '../store/store';

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
 * Takes the right to run a mapping, and renews it while the run lasts (also while it waits for a throttled service). `taken` when somebody
 * else has it.
 */
export async function holdLease(session: SyncSession, mapping: string): Promise<HeldLease | 'taken'> {
	const lease = await session.store.acquireLease(mapping, session.owner, TTL_MS);
	if (!lease) return 'taken';
	let lost = false;
	let renewedAt = session.clock.now();
	const renew = async (): Promise<void> => {
		if (!(await session.store.renewLease(lease, TTL_MS))) lost = true;
		else renewedAt = session.clock.now();
	};
	// A failing heartbeat is no reason to stop: the next page border decides, and the fence refuses writes of a run that lost its lease.
	const timer = setInterval(() => void renew().catch(() => undefined), HEARTBEAT_MS);
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
