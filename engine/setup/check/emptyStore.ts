import type { SyncStore } from '../../ports/syncStore';

/**
 * Stands in while the store cannot be opened, so that both systems are checked all the same: it knows of no own mappings or settings, no jobs and no
 * failures, and of nothing that was seen before. It has nothing else of a store, because a check asks for nothing else and writes nothing.
 */
export function emptyStore(): SyncStore {
	const store: Partial<SyncStore> = {
		settings: () => Promise.resolve(new Map()),
		companySettings: () => Promise.resolve({}),
		identities: () => Promise.resolve(new Set<string>()),
		surfaceOffer: () => Promise.resolve(null),
		saveSurfaceOffer: () => Promise.resolve(),
		jobs: () => Promise.resolve({ rows: [] }),
		listFailures: () => Promise.resolve({ rows: [] }),
	};
	return store as SyncStore;
}
