import type { FieldName, FieldValue, SystemRecord } from '../../model/record';
import type { Coupling } from '../../model/coupling';
import type { SyncError } from '../../model/errors';
import type { Failure } from '../../model/failure';
import type { OwedValues, RequeuedRecord } from '../../model/requeued';
import type { Intent } from '../../model/intent';
import type { DeletedPartner } from '../../model/deletion';

/** One source record on its way through a page. */
export interface WorkItem {
	source: SystemRecord;
	coupling: Coupling | null;
	partner: SystemRecord | 'unread' | 'missing' | 'hidden';
	failure: Failure | undefined;
	/** How it was requeued. */
	requeued?: RequeuedRecord | undefined;
	/** Failure of its partner in the other direction, and how that was requeued. */
	opposite?: Failure | undefined;
	oppositeRequeued?: RequeuedRecord | undefined;
	/** Values of a template that its partner was created without, as they stand now. */
	owed?: OwedNow | undefined;
	/** The open insert this record settles, when it was recovered. */
	settles?: Intent;
	/** It was coupled in this page, because its mapping recognizes partners. */
	matched?: boolean;
	/** Its partner was found deleted earlier: it is looked for once more, and the record is left to the rest of the pass if it is there. */
	suspect?: boolean;
	/** Why nobody knows what became of its last update: no answer came, or one that may pass. */
	unanswered?: SyncError;
	/** The CRM row is not the one that was coupled, though it has its id. */
	recreated?: true;
	/** Id of the CRM row it had once, for the one that is created. */
	formerId?: string;
	/** Id of the CRM row that is to be created for it, and its generation; see `newRows`. */
	newId?: string;
	generation?: number;
	/** It was coupled with a record that was met when its partner was about to be created. */
	met?: true;
	/**
	 * It is compared though nobody need have changed it, because the mapping's fields are other ones than before: the coupling as the store has it, the keys
	 * of fields that are delivered once more, in this direction and in the opposite one, and of all because of which it is.
	 */
	again?: { stored: Coupling; due: ReadonlySet<string>; dueBack: readonly string[]; concerned: ReadonlySet<string> };
	/** Its partner is created again without these, because the service refused it with them. */
	restoresWithout?: ReadonlySet<'number' | 'numberTaken' | 'values'>;
	/** Coupling with a partner that is gone, replaced by the new one. */
	replaces?: Coupling;
	/** Coupling of the new partner with a record that is gone. */
	frees?: Coupling;
}

/** Values that are owed to a partner, after a look at it. */
export interface OwedNow {
	/** Still to be delivered when the record is dealt with; undefined: nothing. */
	left: OwedValues | undefined;
	/** May be written now, to a partner that still has `version`: nobody has entered anything in their places. */
	send: Readonly<Record<FieldName, FieldValue>>;
	version: string | null;
}

/** Where the records of a page come from: changes move the watermark, records read by id, or because their partner is gone, do not. */
export type PageOrigin = 'changes' | 'byId' | 'deleted';

/** What a page of origin `deleted` settles. */
export interface FoundDeleted {
	pairs: readonly DeletedPartner[];
	/** Couplings of which neither record is left. */
	bothGone: readonly Coupling[];
}
