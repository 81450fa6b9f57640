import type { CoupledPair } from './coupling';

/**
 * A couple that ended. A CRM row that was deleted may be there again one day: an insert whose answer was lost is carried out
 * late, or somebody restores it (Dataverse keeps deleted rows for up to 30 days, where an administrator switched that on).
 */
export interface Tombstone extends CoupledPair {
	mapping: string;
	/**
	 * `deleted`: one of the records was gone. `parted`: people parted two that are there; they stay parted. `partnerless`: an interrupted run made the
	 * record of Business Central for the row, which people had coupled with another one by the time it was found.
	 */
	kind: 'deleted' | 'parted' | 'partnerless';
	/** Version in which the record that is left was let go; null when it is not known. */
	version: string | null;
	/** ISO, UTC. */
	endedAt: string;
}
