import { SyncError } from '../model/errors';
import type { SyncStore } from '../ports/syncStore';

/** What a session was told of how records are known, by its store. */
const told = new WeakMap<SyncStore, ReadonlySet<string>>();

/** Mappings that know records of pages by their SystemIds; what is answered is what the work of the session goes by from now on. */
export async function loadIdentities(store: SyncStore): Promise<ReadonlySet<string>> {
	const identities = await store.identities();
	told.set(store, identities);
	return identities;
}

/**
 * Records get other ids only while no mapping is being run: from the lease of its mapping on a run may go by what it was told, if that still holds.
 * @throws SyncError `IDENTITY_MOVED` (transient)
 */
export async function requireIdentities(store: SyncStore): Promise<void> {
	const known = told.get(store);
	if (!known) return;
	const now = await store.identities();
	const moved = [...now, ...known].find((mapping) => now.has(mapping) !== known.has(mapping));
	if (moved === undefined) return;
	throw new SyncError({
		code: 'IDENTITY_MOVED',
		errorClass: 'transient',
		system: 'store',
		table: moved,
		message: `Another run has just changed how the records of ${moved} are known, between their keys and their SystemIds. Nothing was done.`,
		hint: 'Try again, or leave it to the next run: it goes by the new ids.',
	});
}
