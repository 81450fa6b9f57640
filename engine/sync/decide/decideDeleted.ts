import { SyncError } from '../../model/errors';
import { editsOf, valuesOf } from './edits';
import type { Side } from '../../model/side';
import { type PassDirection, sourceSide, targetSide } from '../../model/direction';
import type { Coupling } from '../../model/coupling';
import type { Decision, DecisionInput } from './decision';
import type { FieldConflict } from '../../model/fieldConflict';

const NAMES: Readonly<Record<Side, string>> = { businessCentral: 'Business Central', crm: 'CRM' };

/** What happens to a record whose partner was deleted: the same in forced runs and for selected records. Pure. */
export function decideDeleted(input: DecisionInput, coupling: Coupling): Decision {
	const { deletion, direction, writesTarget = true } = input.options;
	switch (deletion) {
		case 'none':
			return failed(partnerDeleted(direction));
		case 'restore':
			return writesTarget ? { action: 'insert', restoring: true } : failed(notServed(direction, 'restore'));
		case 'removeCoupling':
			return { action: 'uncouple' };
		case 'deleteOther':
			return followDeletion(input, coupling);
	}
}

/**
 * A record that nobody changed since the sides last agreed is deleted. One that was changed is in conflict with the deletion, and the
 * update-conflict strategy says who wins: the side of the edit (the deleted record is created again from it), the side of the deletion (the
 * record goes, its edit into the log), or nobody. *Newest* comes to nobody: no service tells when a record was deleted.
 */
function followDeletion(input: DecisionInput, coupling: Coupling): Decision {
	const { direction, conflict, writesTarget = true, writesSource = true } = input.options;
	if (!writesSource) return failed(notServed(direction, 'delete'));
	const edited = editsOf(input.fields, sourceSide(direction), input.source, coupling);
	if (edited.length === 0 && coupling.baseline) return { action: 'delete', edited };
	const winner: Side | null = conflict === 'send' ? 'businessCentral' : conflict === 'get' ? 'crm' : null;
	// What was never synchronized is nowhere else: all of it is named before it goes.
	if (winner === targetSide(direction))
		return { action: 'delete', edited: coupling.baseline ? edited : valuesOf(input.fields, sourceSide(direction), input.source) };
	if (winner !== null && writesTarget) return { action: 'insert', restoring: true };
	return { action: 'fail', error: deletionConflict(direction, edited, conflict), conflicts: edited };
}

const failed = (error: SyncError): Decision => ({ action: 'fail', error, conflicts: [] });

export function partnerDeleted(direction: PassDirection, meanwhile = false): SyncError {
	return new SyncError({
		code: 'PARTNER_DELETED',
		errorClass: 'data',
		system: targetSide(direction),
		message: meanwhile
			? `The coupled record was deleted in ${NAMES[targetSide(direction)]}. This one was to follow it, but was changed at that very moment and was not deleted.`
			: `The coupled record was deleted in ${NAMES[targetSide(direction)]}.`,
		hint: meanwhile
			? 'The next run looks at it again. If the record is still needed, restore or uncouple it in Couple Records.'
			: 'Set a deletion strategy for the table mapping (restore the record, remove the coupling, or delete the other record), or restore or uncouple this record in Couple Records.',
	});
}

function notServed(direction: PassDirection, wish: 'restore' | 'delete'): SyncError {
	const [gone, survivor] = [NAMES[targetSide(direction)], NAMES[sourceSide(direction)]];
	return new SyncError({
		code: 'DELETION_NOT_SERVED',
		errorClass: 'data',
		system: targetSide(direction),
		message: `The coupled record was deleted in ${gone}.`,
		hint:
			wish === 'restore'
				? `The table mapping does not write to ${gone}, so the record cannot be restored there. Uncouple it in Couple Records, or choose another deletion strategy.`
				: `The table mapping does not write to ${survivor}, so the remaining record is not deleted there. Restore or uncouple it in Couple Records, or choose another deletion strategy.`,
	});
}

function deletionConflict(direction: PassDirection, edited: readonly FieldConflict[], strategy: string): SyncError {
	const [gone, survivor] = [NAMES[targetSide(direction)], NAMES[sourceSide(direction)]];
	const names = edited.map(({ field }) => field.caption).join(', ');
	const what = names === '' ? 'was never synchronized' : `was changed in ${survivor} (${names})`;
	return new SyncError({
		code: 'DELETION_CONFLICT',
		errorClass: 'data',
		system: targetSide(direction),
		message: `The coupled record was deleted in ${gone}, but this one ${what}${names === '' ? '' : ' since the last synchronization'}. It was not deleted.`,
		hint:
			strategy === 'newest'
				? 'Nobody knows when the other record was deleted, so "newest change" cannot decide. Delete, restore or uncouple this record by hand, or choose whose side wins.'
				: 'Delete, restore or uncouple this record by hand, or choose an update-conflict strategy that says whose side wins.',
	});
}

/** Deciding anything on a record one may not see would be guessing. */
export function hiddenError(direction: PassDirection): SyncError {
	const gone = NAMES[targetSide(direction)];
	return new SyncError({
		code: 'PARTNER_HIDDEN',
		errorClass: 'data',
		system: targetSide(direction),
		message: `The coupled record exists in ${gone}, but the user of the credential may not read it.`,
		hint: `Give the user of the credential the right to read all records of the table in ${gone}, or uncouple this record in Couple Records.`,
	});
}
