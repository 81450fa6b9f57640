import { SyncError } from '../model/errors';
import { isGone, type RecordState, survivorOf } from './state';
import type { FailureAction } from './types';
import { otherSide, type Side } from '../model/side';
import { type PassDirection, sourceSide } from '../model/direction';

const ACTIONS: readonly FailureAction[] = ['retry', 'synchronize', 'restore', 'deleteOther', 'uncouple', 'coupleWithSurvivor'];
const SYSTEMS: Record<Side, string> = { businessCentral: 'Business Central', crm: 'CRM' };

/** What makes sense for the record as it is now. */
export const availableActions = (state: RecordState): FailureAction[] => ACTIONS.filter((action) => refusalOf(action, state) === null);

/** Why an action makes no sense for the record, or null. */
export function refusalOf(action: FailureAction, state: RecordState): SyncError | null {
	const survivor = survivorOf(state);
	if (isGone(state))
		return refuse(state, 'Both records were deleted.', 'Nothing to do: the coupling is removed as soon as it is looked at.');
	if (!state.coupling) return refusalUncoupled(action, state);
	const [hidden] = state.hidden;
	if (hidden && action !== 'uncouple') {
		return refuse(
			state,
			`The record of ${name(state)} in ${SYSTEMS[hidden]} exists, but the user of the credential may not read it.`,
			'Give that user the right to read all records of the table, or uncouple the record.',
		);
	}
	switch (action) {
		case 'uncouple':
			return null;
		case 'retry':
			if (survivor)
				return refuse(state, `${name(state)} has no partner any more: it was deleted in ${SYSTEMS[otherSide(survivor)]}.`, MISSING);
			return state.failures.length > 0
				? null
				: refuse(state, `${name(state)} does not fail.`, 'Nothing to do: runs deliver its changes anyway.');
		case 'synchronize':
			return survivor
				? refuse(state, `${name(state)} has no partner any more: it was deleted in ${SYSTEMS[otherSide(survivor)]}.`, MISSING)
				: null;
		case 'restore':
			if (!survivor) return refuse(state, `Both records of ${name(state)} exist.`, BOTH);
			return serves(state, survivor)
				? null
				: refuse(
						state,
						`The table mapping ${state.mapping.name} creates no records in ${SYSTEMS[otherSide(survivor)]}, so ${name(state)} cannot be restored there.`,
						'Delete the other record, uncouple it, or change the direction of the table mapping.',
					);
		case 'coupleWithSurvivor':
			return state.failures.some(({ errorCode }) => errorCode === 'PARTNER_MERGED')
				? null
				: refuse(state, `The CRM record of ${name(state)} is not known to be merged.`, 'To give the record another partner, use Couple.');
		case 'deleteOther':
			return survivor ? null : refuse(state, `Both records of ${name(state)} exist.`, BOTH);
	}
}

const MISSING = 'Restore the record, delete the other record, or uncouple it.';
const BOTH = 'Restoring and deleting are for couples of which one record was deleted. Retry or synchronize it, or uncouple it.';

function refusalUncoupled(action: FailureAction, state: RecordState): SyncError | null {
	if (action === 'retry' && state.failures.length > 0) return null;
	return refuse(
		state,
		`${name(state)} is not coupled.`,
		action === 'retry'
			? 'There is nothing to retry: it does not fail.'
			: 'Couple it with a record of the other system, or use Create and Couple.',
	);
}

const serves = ({ mapping }: RecordState, survivor: Side): boolean =>
	mapping.direction === 'bidirectional' || sourceSide(mapping.direction as PassDirection) === survivor;

/** Number and name of the couple, as people know it. */
export function name({ businessCentral, crm, coupling, mapping }: RecordState): string {
	const number = businessCentral?.number || coupling?.bcNumber || '';
	const text = businessCentral?.name || crm?.name || coupling?.bcName || coupling?.crmName || '';
	return `${number} ${text}`.trim() || `The record of ${mapping.name}`;
}

const refuse = (state: RecordState, message: string, hint: string): SyncError =>
	new SyncError({
		code: 'ACTION_NOT_AVAILABLE',
		errorClass: 'data',
		system: 'engine',
		table: state.mapping.name,
		recordId: state.coupling?.bcId ?? state.businessCentral?.id ?? state.crm?.id,
		message,
		hint,
	});
