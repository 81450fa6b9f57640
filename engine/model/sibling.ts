import type { Side } from './side';

/** Another connection of the store with the same company, of which one system is another one: a copy, or what was there before a move. */
export interface Sibling {
	id: string;
	/** The side on which the two differ. */
	side: Side;
	/** Where that side's system answered. */
	address: string;
	couplings: number;
	/** ISO, UTC. */
	lastUsed: string;
}
