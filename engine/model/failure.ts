import type { PassDirection } from './direction';
import type { ErrorClass } from './errors';

/** A record that could not be delivered; tried again by every run until it succeeds or is skipped. */
export interface Failure {
	mapping: string;
	direction: PassDirection;
	sourceId: string;
	errorClass: ErrorClass;
	errorCode: string;
	message: string;
	hint: string;
	/** Times in a row that the same code came up. */
	attempts: number;
	/** Left alone by runs until the source record changes or a user asks for a retry. */
	skipped: boolean;
	/** Version of the source record at the last try. */
	sourceVersion: string | null;
	/** Version of its partner at the last try, where it was known: a change of the partner is a reason to try again, too. */
	partnerVersion?: string | null;
	/** What the record refers to and what has no counterpart yet; it is tried again once all of it can be resolved. */
	unresolved?: readonly UnresolvedReference[];
	/** When the record could not be delivered for the first time in a row, whatever the reasons since: ISO, UTC. */
	firstFailedAt?: string;
	/** ISO, UTC. */
	failedAt: string;
}

/** A value of a record that stands for another record, or for a choice, without a counterpart in the other system. */
export interface UnresolvedReference {
	/** Key of the field mapping. */
	field: string;
	caption: string;
	/** Table mapping of the record referred to; null for a choice. */
	mapping: string | null;
	/** As it stands in the source record, normalized: code or number (Business Central), id or choice value (CRM). */
	value: string;
	/** What people call it, where the value is an id. */
	name?: string;
}
