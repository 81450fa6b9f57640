import type { PassDirection } from './direction';

/** What one field was when couplings were compared: whether its baseline still means the same, and whether values cross as they did. */
export interface FieldMark {
	/** Which values the baseline speaks of: both columns and how they are spelled. Another one makes the field new. */
	identity: string;
	/** How a value crosses in that direction; null where the field does not travel that way. Another one makes records follow, though nobody edited them. */
	toCrm: string | null;
	fromCrm: string | null;
}

/** The fields that couplings are compared with, by the field mapping's key. */
export interface FieldSet {
	/** Equal sets have equal hashes. */
	hash: string;
	fields: Readonly<Record<string, FieldMark>>;
}

/** What a store knows of the field sets of a mapping. */
export interface KnownFieldSets {
	/** Hash of the set that couplings are compared with now; null before the first run. */
	current: string | null;
	/**
	 * How far the couplings have been gone through since that set became current: BC id of the last one, empty at the beginning. Null when all have been.
	 */
	position: string | null;
	/** All sets that couplings may have been compared with, by hash. */
	sets: ReadonlyMap<string, FieldSet>;
}

/** The set is current from now on, and the couplings have been gone through as far as `position`. */
export interface FieldSetProgress {
	mapping: string;
	set: FieldSet;
	position: string | null;
}

const PARTLY = '~';

/**
 * What a couple is said to be compared with where not all fields of the set could be seen (a page was not there, a column was hidden): its baselines are
 * those of the set, but it has to be compared once more.
 */
export const partlySeen = (hash: string): string => `${hash}${PARTLY}`;
export const isPartlySeen = (fieldSet: string | undefined): boolean => fieldSet?.endsWith(PARTLY) ?? false;
/** The hash of the set, whether or not all of it was seen. */
export const hashOf = (fieldSet: string): string => (isPartlySeen(fieldSet) ? fieldSet.slice(0, -PARTLY.length) : fieldSet);

export const markOn = (mark: FieldMark, direction: PassDirection): string | null => (direction === 'toCrm' ? mark.toCrm : mark.fromCrm);
