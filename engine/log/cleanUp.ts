import type { SyncStore } from '../ports/syncStore';
import { isAlive } from '../trigger/alive';

const DAY_MS = 24 * 60 * 60_000;

/**
 * Deletes jobs that finished longer ago than some days, with their entries. What a skipped record still refers to stays,
 * and so do jobs that are running; what is known of triggers that were at work before that and are no more goes, too; jobs of processes that died are ended by the next run of their mapping and go then.
 */
export async function deleteOldEntries(store: SyncStore, days: number, now: number): Promise<{ deleted: number; before: string }> {
	const before = new Date(now - days * DAY_MS).toISOString();
	await forgetGoneTriggers(store, now - days * DAY_MS, now);
	return { deleted: await store.deleteJobs(before), before };
}

/** One that has webhooks registered is needed to remove them. */
async function forgetGoneTriggers(store: SyncStore, beforeMs: number, now: number): Promise<void> {
	for (const each of await store.triggers()) {
		if (isAlive(each, now) || each.state.aliveMs >= beforeMs) continue;
		if ((await store.subscriptions(each.trigger)).length === 0) await store.forgetTrigger(each.trigger);
	}
}
