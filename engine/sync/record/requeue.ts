import type { SyncError } from '../../model/errors';
import type { PassContext } from '../contract/passContext';
import type { PassDirection } from '../../model/direction';
import type { Failure } from '../../model/failure';

/**
 * Makes the next pass of that direction look at a record although nobody changed it: kept like a failure that is tried again, until the record is
 * dealt with; nothing is counted or logged.
 */
export function furtherLook(
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
