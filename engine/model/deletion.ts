import type { Side } from './side';
import type { CoupledPair } from './coupling';

/** A coupled pair of which the record of `side` was found deleted, and which no run has dealt with yet. */
export interface DeletedPartner extends CoupledPair {
	mapping: string;
	side: Side;
}
