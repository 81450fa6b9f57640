/** What the guard against mass changes counts: what is lost in one of the systems, and what is created. */
export type MassChangeAction = 'delete' | 'uncouple' | 'overwrite' | 'empty' | 'create';

/** Kinds of loss, in the order in which they are told. */
export const LOSSES = ['delete', 'uncouple', 'overwrite', 'empty'] as const satisfies readonly MassChangeAction[];
export type Loss = (typeof LOSSES)[number];

/** One record that a run changes in a way that counts. */
export interface MassChange {
	mapping: string;
	/** Of a couple, the id of its record of Business Central; of a record that is to be created, the id of the one it is created from. */
	recordId: string;
	action: MassChangeAction;
	/** Number and name, for messages. */
	title: string;
}

/** What runs of a mapping did within the last 24 hours; each record counts once as a loss, whatever was done to it, and once as created. */
export interface DayOfChanges {
	counts: Readonly<Record<MassChangeAction, number>>;
	/** Titles of some of the records that lost something. */
	titles: readonly string[];
	/** The store still holds rows that are older than a day, or of the future. */
	untidy: boolean;
}

export const NO_CHANGES: DayOfChanges['counts'] = { delete: 0, uncouple: 0, overwrite: 0, empty: 0, create: 0 };

/** The time for which a change counts, in milliseconds. */
export const DAY_MS = 24 * 60 * 60_000;

export const lossesOf = (counts: DayOfChanges['counts']): number => LOSSES.reduce((sum, action) => sum + counts[action], 0);

/** What a person asked for with the records at hand, so that it does not count: that partners are created, that a first synchronization replaces values. */
export type Consent = 'create' | 'replace';
