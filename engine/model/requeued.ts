import type { PassDirection } from './direction';
import type { UnresolvedReference } from './failure';
import type { FieldName, FieldValue } from './record';

/** Why the next pass of a direction looks at a record although nobody changed it. */
export type RequeueReason =
	| 'referenceDeferred'
	| 'followUpDue'
	| 'partnerBack'
	| 'partnerMet'
	| 'otherWayDue'
	| 'insertRecovered'
	| 'runEnded'
	| 'fieldsChanged'
	| 'valuesOwed'
	| 'changedUnseen'
	| 'partnerChanged'
	| 'ownerRestored';

/** What each reason means, for people. A new reason is a name here and a line. */
export const REQUEUE_REASONS: Readonly<Record<RequeueReason, string>> = {
	referenceDeferred: 'The record is delivered except for what it refers to: that is not coupled yet. The rest follows once it is.',
	followUpDue: 'The record was written, and the run was stopped before what follows from it was done. The next run does the rest.',
	partnerBack: 'The CRM record that belonged to this one was deleted and is there again. The next run couples the two.',
	partnerMet:
		'The record was about to be created in the other system, and a partner was found there. The next run brings the two together.',
	otherWayDue:
		'The record was coupled and went one way. What its first synchronization has to bring the other way is still to come: the next run brings it.',
	insertRecovered: 'The record was created by a run that was interrupted. The next run looks at it and delivers what may be missing.',
	fieldsChanged: 'Fields of the table mapping were added or changed. The next run compares the record once more.',
	valuesOwed: 'The record was created, but values of its template that live on an additional page are not written yet. Every run tries it.',
	changedUnseen:
		'The record was changed or created without a time stamp that runs read; the comparison of versions has found it. The next run looks at it.',
	partnerChanged:
		'What the record belongs to was created again, or has another partner. The next run gives the record of the other system the same place.',
	ownerRestored:
		'What the record belongs to was created again because somebody asked for it. The next run creates what was deleted with it again, too.',
	runEnded: 'The record was not begun, because the run had to end. The next run does it.',
};

/** Values of a template for a record that was created without them. */
export interface OwedValues {
	/** By field of the target, all of additional pages. */
	values: Readonly<Record<FieldName, FieldValue>>;
	/** Version of the target after its creation: while it has it, nobody has entered anything there. Null where it is not known. */
	version: string | null;
}

/** A record that is to be looked at again. It did not fail: nothing is counted or logged. It may be among the failures as well, for a reason of its own. */
export interface RequeuedRecord {
	mapping: string;
	direction: PassDirection;
	sourceId: string;
	reason: RequeueReason;
	/** Keys of field mappings that are delivered once more, whether or not somebody changed the fields. */
	fields: readonly string[];
	/** What the record refers to and what has no counterpart yet. */
	unresolved: readonly UnresolvedReference[];
	/** Values of its template that the target, created by a run, has not got yet. */
	owed?: OwedValues;
	/** Version of the source record when it was requeued, where a change of it is a reason to look at it. */
	sourceVersion: string | null;
	/** Times in a row that it was requeued. */
	attempts: number;
	/** When it was requeued for the first time in a row: ISO, UTC. */
	since: string;
}

/** It waits until its references can be resolved or it changes; all others are looked at by the very next pass. */
export const waitsForReferences = ({ reason }: Pick<RequeuedRecord, 'reason'>): boolean => reason === 'referenceDeferred';
