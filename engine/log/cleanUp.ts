import type { SyncStore } from '../ports/syncStore';

const DAY_MS = 24 * 60 * 60_000;

/**
 * Deletes jobs that finished longer ago than some days, with their entries. What a skipped record still refers to stays,
 * and so do jobs that are running; jobs of processes that died are ended by the next run of their mapping and go then.
 */
export async function deleteOldEntries(store: SyncStore, days: number, now: number): Promise<{ deleted: number; before: string }> {
	const before = new Date(now - days * DAY_MS).toISOString();
	return { deleted: await store.deleteJobs(before), before };
}
