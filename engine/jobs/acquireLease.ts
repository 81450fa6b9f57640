import { SyncError } from '../model/errors';
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

/** For instance `It is run by workflow "Nightly", node "Sync", execution 4711 (process 12 on n8n-worker-1) since 2026-03-07 08:00:12 UTC.` */
export function describeTaken({ takenBy }: Taken): string {
	if (takenBy === null) return '';
	const { holder, acquiredAt, expiresAt } = takenBy;
	const who = holder ? ` by ${holder.what} (process ${holder.pid} on ${holder.host})` : '';
	const since = acquiredAt ? ` since ${inUtc(acquiredAt)}` : '';
	return `It is run${who}${since}; if nothing more is heard of that run, the mapping is free at ${inUtc(expiresAt)}.`;
}

const inUtc = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

/** For what needs the mapping now or not at all. */
export const mappingBusy = (mapping: string, taken: Taken): SyncError =>
	new SyncError({
		code: 'MAPPING_BUSY',
		errorClass: 'transient',
		system: 'engine',
		table: mapping,
		message: [`The table mapping ${mapping} is being run right now.`, describeTaken(taken)].filter(Boolean).join(' '),
		hint: 'Try again when that run has ended.',
	});
