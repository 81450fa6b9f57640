import { RunStopped } from '../model/errors';
import { requireIdentities } from './identities';
import { hasCertainlyEnded } from './processes';
import type { SyncSession } from '../ports/session';
import type { Lease, LeaseInUse } from '../model/lease';

/** Somebody else has the lease: who, as far as it is known. */
export interface Taken {
	takenBy: LeaseInUse | null;
}

export const isTaken = <T extends object>(held: T | Taken | null): held is Taken => held !== null && 'takenBy' in held;

/**
 * Takes the right to run a mapping. A lease that ran out is free, and so is one whose process has certainly ended on this machine: nobody has to wait
 * for it to run out. What such a process had sent and no answer was heard of is settled by the intents and versions, as after any crash.
 */
export async function acquireLease(session: SyncSession, mapping: string, ttlMs: number): Promise<Lease | Taken> {
	const { store, owner, holder } = session;
	const lease = await store.acquireLease(mapping, owner, ttlMs, holder ? { holder } : {});
	if (lease) return lease;
	const inUse = await store.leaseInUse(mapping);
	// Given back at this very moment, or its holder is gone.
	const free = inUse === null || (inUse.holder?.process && hasCertainlyEnded(inUse.holder.process));
	if (!free) return { takenBy: inUse };
	const instead = inUse === null ? {} : { insteadOf: inUse.fence };
	const second = await store.acquireLease(mapping, owner, ttlMs, { ...(holder ? { holder } : {}), ...instead });
	return second ?? { takenBy: await store.leaseInUse(mapping) };
}

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
 * @throws SyncError `IDENTITY_MOVED` (transient) where records have got other ids since the session loaded its mappings
 */
export async function holdLease(session: SyncSession, mapping: string): Promise<HeldLease | Taken> {
	const lease = await acquireLease(session, mapping, TTL_MS);
	if (isTaken(lease)) return lease;
	await requireIdentities(session.store).catch(async (error: unknown) => {
		await session.store.releaseLease(lease).catch(() => undefined);
		throw error;
	});
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
			const age = session.clock.now() - renewedAt;
			// A clock that was set back tells nothing of the age.
			if (!lost && (age >= HEARTBEAT_MS || age < 0)) await renew();
			if (lost) throw new RunStopped('leaseLost');
		},
		async release() {
			clearInterval(timer);
			// What cannot be released expires.
			await session.store.releaseLease(lease).catch(() => undefined);
		},
	};
}
