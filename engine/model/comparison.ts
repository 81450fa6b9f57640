import type { Side } from './side';

/**
 * How far the comparison of versions of one side of a mapping has come: id and version of every record, read in the service's largest pages, against
 * the couplings.
 */
export interface VersionComparison {
	mapping: string;
	/** Whose records are compared. */
	side: Side;
	/** When the comparison that is under way began: ISO, UTC; it names the marks it sets. Null when none is under way. */
	beganAt: string | null;
	/** `walk`: the table is being read. `rest`: couplings whose record was not met there are being asked for by id. Null when none is under way. */
	phase: 'walk' | 'rest' | null;
	/** Of a walk: the service's link to the next page. Of the rest: BC id of the last coupling that was looked at. Empty at the beginning of either. */
	position: string | null;
	/** When the last comparison finished; before the first one, when the mapping was first run. ISO, UTC. */
	checkedAt: string | null;
	/**
	 * Every record without a partner is one that runs have looked at, or that was marked: one that is not, and that no run will read, is new and was
	 * overlooked. False while there may be others, which runs were told to leave alone, or from a time when nobody looked: these are only marked then.
	 */
	knowsUncoupled: boolean;
	/** Overlooked records that were found, and that no log entry tells of yet. */
	untold: number;
}

/** Of a side that was never compared. */
export const NEVER_COMPARED: Omit<VersionComparison, 'mapping' | 'side'> = {
	beganAt: null,
	phase: null,
	position: null,
	checkedAt: null,
	knowsUncoupled: false,
	untold: 0,
};

/** That a comparison has met a record. */
export interface ComparedRecord {
	id: string;
	/** The version it was looked at in, which is not to be looked at once more: of a record that has no partner, or another version than its coupling. */
	version: string | null;
}

/** Marks of one comparison. */
export interface ComparedRecords {
	mapping: string;
	side: Side;
	/** See `VersionComparison`. */
	beganAt: string;
	records: readonly ComparedRecord[];
}

/** What a comparison needs to know of a coupling. */
export interface CoupledVersion {
	bcId: string;
	crmId: string;
	/** As `Coupling.bcVersion` or `crmVersion`, of the side that is compared. */
	version: string | null;
}
