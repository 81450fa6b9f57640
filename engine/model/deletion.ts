import type { Side } from './side';
import type { CoupledPair } from './coupling';

/** How far the search for deleted records of one side of a mapping has come. */
export interface DeletionSearch {
	mapping: string;
	/** Whose deletions. */
	side: Side;
	/** Where to go on in the service's own list of deletions; null where it keeps none. */
	token: string | null;
	/** While couplings are being compared: BC id of the last one compared, empty at the beginning. Null when no comparison is under way. */
	position: string | null;
	/** When the last search finished; before the first one, when the mapping was first run. ISO, UTC. */
	checkedAt: string | null;
}

/** A coupled pair of which the record of `side` was found deleted, and which no run has dealt with yet. */
export interface DeletedPartner extends CoupledPair {
	mapping: string;
	side: Side;
}
