import { SyncError } from '../../model/errors';
import type { PassContext } from '../contract/passContext';
import type { PassDirection } from '../../model/direction';
import type { Failure, UnresolvedReference } from '../../model/failure';
import type { SystemRecord } from '../../model/record';
import { DEFERRED_REFERENCE } from '../references/deferredReferences';

/**
 * Makes the next pass of that direction look at a record although nobody changed it: kept like a failure that is tried again, until the record is
 * dealt with; nothing is counted or logged.
 */
export function requeue(
	{ mapping, recorder }: Pick<PassContext, 'mapping' | 'recorder'>,
	direction: PassDirection,
	sourceId: string,
	{ errorClass, code, message, hint }: SyncError,
): Failure {
	const now = recorder.now();
	return {
		mapping: mapping.name,
		direction,
		sourceId,
		errorClass,
		errorCode: code,
		message,
		hint,
		attempts: 1,
		skipped: false,
		sourceVersion: null,
		firstFailedAt: now,
		failedAt: now,
	};
}

/** The note that a record leaves behind when it was delivered with stand-in values. */
export function deferredNote(
	{ mapping, direction, recorder }: Pick<PassContext, 'mapping' | 'direction' | 'recorder'>,
	source: SystemRecord,
	missing: readonly UnresolvedReference[],
	known: Failure | undefined,
): Failure {
	const list = missing.map(({ caption, mapping: name, value }) => `${caption} "${value}" (table mapping ${name})`).join(', ');
	const error = new SyncError({
		code: 'REFERENCE_AWAITED',
		errorClass: 'data',
		system: 'engine',
		message: `The record is delivered except for what is not coupled yet: ${list}.`,
		hint: 'Nothing to do here: couple or synchronize what it refers to, and the next run delivers the rest.',
	});
	const note = requeue({ mapping, recorder }, direction, source.id, error);
	return {
		...note,
		skipped: true,
		sourceVersion: source.version,
		unresolved: missing,
		...(known?.errorCode === DEFERRED_REFERENCE && known.firstFailedAt ? { firstFailedAt: known.firstFailedAt } : {}),
	};
}
