import type { Side } from './side';

/**
 * Where a mapping stands in what a service itself notes of a table's changes: a link that the service gave and that is followed as it is. What it holds is
 * the service's own business.
 */
export interface ChangeToken {
	mapping: string;
	side: Side;
	/** What is asked for along the link, as a hash of table and columns: another question needs a token of its own. */
	scope: string;
	link: string;
	/**
	 * `beginning`: the link leads to a further page of the walk that a token begins with. `usable`: along the link is all that changes after the token was
	 * given; what changed before is dealt with by a reading that began later. `current`: as `usable`, and that reading came to its end.
	 */
	state: 'beginning' | 'usable' | 'current';
}

/** A token, or that there is none (any more). */
export type ChangeTokenUpdate = ChangeToken | (Pick<ChangeToken, 'mapping' | 'side'> & { link: null });
