import type { PassDirection } from './direction';
import type { FieldValue } from './record';

/** Written before an insert; survives a crash between the insert and its coupling. */
export interface Intent {
	mapping: string;
	direction: PassDirection;
	sourceId: string;
	/** CRM: the id chosen for the new row. BC: null. */
	targetId: string | null;
	/** Values sent, so that a BC record created by a lost request can be recognized. */
	values: Readonly<Record<string, FieldValue>>;
	/** Other values that were sent for the same record before, unanswered; the newest first. What exists may hold either. */
	sentBefore?: ReadonlyArray<Readonly<Record<string, FieldValue>>>;
	/** The source had this partner, which was deleted and is created again. */
	restores?: string;
	/** Somebody asked for just this record; what was deleted with the partner is to come back as well. */
	byHand?: true;
	/** By our own clock; ISO, UTC. */
	createdAt: string;
	/** The same moment by the clock of the service that is to carry it out; ISO. Absent where its answers did not tell the time. */
	announcedAt?: string;
}
