import { SyncError } from '../model/errors';
import type { Taken } from './lease';

/** For instance `It is run by workflow "Nightly", node "Sync", execution 4711 (process 12 on n8n-worker-1) since 2026-03-07 08:00:12 UTC.` */
export function describeTaken({ takenBy }: Taken): string {
	if (takenBy === null) return '';
	const { holder, acquiredAt, expiresAt } = takenBy;
	const who = holder ? ` by ${holder.what} (process ${holder.pid} on ${holder.host})` : '';
	const since = acquiredAt ? ` since ${inUtc(acquiredAt)}` : '';
	return `It is run${who}${since}; if nothing more is heard of that run, the mapping is free at ${inUtc(expiresAt)}.`;
}

const inUtc = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

/** Something is wanted now or not at all, and somebody else has it. */
export const busy = (taken: Taken, says: { message: string; hint: string; table?: string }): SyncError =>
	new SyncError({
		code: 'MAPPING_BUSY',
		errorClass: 'transient',
		system: 'engine',
		...says,
		message: [says.message, describeTaken(taken)].filter(Boolean).join(' '),
	});

export const mappingBusy = (mapping: string, taken: Taken): SyncError =>
	busy(taken, {
		table: mapping,
		message: `The table mapping ${mapping} is being run right now.`,
		hint: TRY_AGAIN,
	});

/** By the names these things have in the editor. */
export const TRY_AGAIN =
	'Try again when that run has ended. A node does so by itself: its option "Wait for Its Turn (Seconds)" says how long it waits, and "Retry On Fail" in its settings starts it again.';
