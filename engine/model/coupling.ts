import type { PassDirection } from './direction';
import type { Side } from './side';

/** Fingerprints of one field's normalized values on both sides, as they stood when the sides last agreed. */
export type FieldBaseline = readonly [businessCentral: string, crm: string];

/** By the field mapping's `key`. */
export type Baseline = Readonly<Record<string, FieldBaseline>>;

/** Which record belongs to which. Unique per (connection, mapping, bcId) and per (connection, mapping, crmId). */
export interface Coupling {
	mapping: string;
	bcId: string;
	crmId: string;
	/** Number or code and name on the BC side, as last seen; for logs and lists. */
	bcNumber: string;
	bcName: string;
	crmName: string;
	/** Version (etag) at which that side's mapped fields equal the baseline; null when unknown or diverged. */
	bcVersion: string | null;
	crmVersion: string | null;
	bcStamp: string | null;
	crmStamp: string | null;
	/** When the CRM row was created, where that is known: ISO, UTC, whole seconds. */
	crmCreatedAt?: string;
	/** Null until the first successful synchronization. */
	baseline: Baseline | null;
	/** A coupling made without synchronizing: who wins where fields differ at the first run (`none` = conflict). Null once synchronized. */
	initial: 'send' | 'get' | 'none' | null;
	/** ISO, UTC. */
	coupledAt: string;
	/**
	 * When the two last agreed on something: values were written and the service confirmed them, or both were read and found equal; ISO, UTC. A conflict, a
	 * refused write and a record that is skipped leave it. Null until then, and for a created record whose follow-ups are still due.
	 */
	lastSyncedAt: string | null;
	/** The side whose record was made by a run, as the partner of the other; absent where both were there before they were coupled. */
	createdOn?: Side;
	/** When a run last wrote to a record of the couple, by the direction of the run; epoch milliseconds. */
	writtenAt?: Partial<Record<PassDirection, number>>;
	/** Hash of the fields it was compared with last (`FieldSet`, see `partlySeen`); absent where an earlier version compared it, or nothing was compared yet. */
	fieldSet?: string;
	/**
	 * An update of the record of `side` that was sent and is not confirmed: the fingerprints its fields have once it arrived, and the version it was
	 * decided on (absent where an older release sent it): a record that still has it was reached neither by the update nor by anybody else.
	 */
	inFlight?: { side: Side; marks: Baseline; version?: string };
}

export interface CoupledPair {
	bcId: string;
	crmId: string;
}

/** Fingerprints that fields of a couple have on both sides once a rule of another mapping has written to its records. */
export interface OwnWrite extends CoupledPair {
	mapping: string;
	marks: Baseline;
}

/** The ids of a couple, from those of a pass's source and target. */
export const pairOf = (direction: PassDirection, sourceId: string, targetId: string): CoupledPair =>
	direction === 'toCrm' ? { bcId: sourceId, crmId: targetId } : { bcId: targetId, crmId: sourceId };

/** Id of the pair's record on that side. */
export const idOn = (pair: CoupledPair, side: Side): string => (side === 'crm' ? pair.crmId : pair.bcId);
/** Version at which that side's mapped fields equal the baseline; null when unknown or diverged. */
export const versionOn = (coupling: Pick<Coupling, 'bcVersion' | 'crmVersion'>, side: Side): string | null =>
	side === 'crm' ? coupling.crmVersion : coupling.bcVersion;
/** That service's own stamp of the record when it was last seen; ISO, null when unknown. */
export const stampOn = (coupling: Pick<Coupling, 'bcStamp' | 'crmStamp'>, side: Side): string | null =>
	side === 'crm' ? coupling.crmStamp : coupling.bcStamp;

/** The pair's record of Business Central as people know it: number and name, or its id. */
export const bcTitle = ({ bcNumber, bcName, bcId }: Pick<Coupling, 'bcNumber' | 'bcName' | 'bcId'>): string =>
	[bcNumber, bcName].filter(Boolean).join(' ') || bcId;

/**
 * A coupling before its first synchronization; number and names are what lists and logs show until then. `initial` says who wins where the sides
 * differ.
 * @param now ISO, UTC
 */
export const newCoupling = (
	mapping: string,
	pair: CoupledPair & Partial<Pick<Coupling, 'bcNumber' | 'bcName' | 'crmName'>>,
	initial: Coupling['initial'],
	now: string,
): Coupling => ({
	mapping,
	bcNumber: '',
	bcName: '',
	crmName: '',
	...pair,
	bcVersion: null,
	crmVersion: null,
	bcStamp: null,
	crmStamp: null,
	baseline: null,
	initial,
	coupledAt: now,
	lastSyncedAt: null,
});
