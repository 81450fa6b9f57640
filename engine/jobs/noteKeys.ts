import type { SyncSession } from '../ports/session';

/**
 * Notes the keys of the records that were read since the last time, for the day on which they have to be known by them again. To be called before
 * anything that names these records is committed: a process that dies in between leaves no record without its key.
 */
export async function noteKeys({ businessCentral, store }: Pick<SyncSession, 'businessCentral' | 'store'>): Promise<void> {
	for (const [table, known] of businessCentral.takeKeys?.() ?? []) if (known.length > 0) await store.noteKeys(table, known);
}
