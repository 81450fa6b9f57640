/**
 * Why a mapping has no couplings here. `new`: a person said that nothing was synchronized before; `uncoupled`: couplings ended in this very store,
 * most recently then. Mapping `''`: the whole connection (only `new`).
 */
export interface Origin {
	mapping: string;
	kind: 'new' | 'uncoupled';
	/** ISO, UTC. */
	at: string;
}

/** Which store this is. The id stays with the data when a file is moved or a database renamed; a store that is made anew has another one. */
export interface StoreIdentity {
	id: string;
	kind: 'embedded' | 'postgres';
	/** For people: path of the file, or database, host and schema. Never holds a secret. */
	place: string;
	/** ISO, UTC. */
	createdAt: string;
}

/** What is remembered of a store that was used for a connection. */
export interface EarlierStore extends Pick<StoreIdentity, 'id' | 'kind' | 'place'> {
	/** Couplings of the connection, all mappings. */
	couplings: number;
	/** ISO, UTC; null when nobody noted it. */
	lastUsed: string | null;
}
