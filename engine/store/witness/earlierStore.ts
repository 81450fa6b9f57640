import type { SyncStore } from '../../ports/syncStore';
import { type KnownStores, readNote, writeNote } from './knownStores';
import { peekEmbedded } from './peekEmbedded';
import type { EarlierStore } from '../../model/storeIdentity';

export { knownStoresFrom, type KnownStores } from './knownStores';

/** Who may remember which store was used before the one at hand. */
export interface Witnesses {
	/** What the workflow remembers. */
	workflow: KnownStores;
	/** Places where the embedded store may lie, the current one first. */
	files: readonly string[];
}

/** A note that is older is renewed, so that it tells when the store was used last. */
const NOTE_MS = 60 * 60_000;

/** The store that was used last for the connection, as the workflow or the note beside the embedded file remembers it; null: the one at hand. */
export async function lastUsedStore(store: SyncStore, { workflow, files }: Witnesses): Promise<EarlierStore | null> {
	const remembered: EarlierStore[] = [];
	for (const known of [workflow, ...(await Promise.all(files.map(readNote)))]) {
		const entries = store.knownAs.flatMap((id) => known[id] ?? []);
		remembered.push(...entries.filter(({ couplings }) => couplings > 0));
	}
	const [last] = remembered.sort((a, b) => (b.lastUsed ?? '').localeCompare(a.lastUsed ?? ''));
	return last && last.id !== store.identity.id ? last : null;
}

/** As `lastUsedStore`; without a note, what an embedded file holds that lies where it would be looked for. */
export async function findEarlierStore(store: SyncStore, witnesses: Witnesses): Promise<EarlierStore | null> {
	const last = await lastUsedStore(store, witnesses);
	if (last) return last;
	for (const file of witnesses.files) {
		if (store.identity.kind === 'embedded' && store.identity.place === file) continue;
		const found = await peekEmbedded(file, store.knownAs);
		if (found && found.id !== store.identity.id) return found;
	}
	return null;
}

/**
 * What is to be remembered of the store at hand; null where it holds no couplings, so that a new store does not take the place of the one that was
 * lost. Counted at most once in `everyMs`.
 */
export async function storeToRemember(
	store: SyncStore,
	known: EarlierStore | undefined,
	now: number,
	everyMs: number,
): Promise<EarlierStore | null> {
	const { id, kind, place } = store.identity;
	const age = now - Date.parse(known?.lastUsed ?? '');
	// A note of the future was written by a clock that was ahead.
	if (known?.id === id && known.place === place && age >= 0 && age < everyMs) return null;
	if (!(await store.knowsCouples())) return null;
	const couplings = await store.countCouplings();
	return couplings === 0 ? null : { id, kind, place, couplings, lastUsed: new Date(now).toISOString() };
}

/** Keeps the note beside the embedded file up to date; costs a look at a small file when there is nothing new. */
export async function noteStore(store: SyncStore, file: string, now: number): Promise<void> {
	const known = (await readNote(file))[store.connectionId];
	const news = await storeToRemember(store, known, now, NOTE_MS);
	if (news) await writeNote(file, store.connectionId, news);
}
