import type { Side } from './side';
import type { CoupledPair } from './coupling';

/** A coupled pair of which the record of `side` was found deleted, and which no run has dealt with yet. */
export interface DeletedPartner extends CoupledPair {
	mapping: string;
	side: Side;
}

/** Codes of failures that say that the partner of a record was deleted: the record on the target side is gone. */
const OF_DELETIONS: ReadonlySet<string> = new Set(['PARTNER_DELETED', 'DELETION_CONFLICT', 'DELETION_NOT_SERVED']);

export const tellsDeletion = (errorCode: string): boolean => OF_DELETIONS.has(errorCode);
