import { SyncError } from '../model/errors';
import type { Side } from '../model/side';

/**
 * The error `DEPENDENCY`: what a record refers to has no counterpart yet.
 * @param reference the field by its caption, the value as people see it, and the table mapping it belongs to
 * @param system where the value stands
 */
export function notCoupled(
	{ caption, value, mapping }: { caption: string; value: string; mapping: string | undefined },
	system: Side = 'businessCentral',
): SyncError {
	return new SyncError({
		code: 'DEPENDENCY',
		errorClass: 'data',
		system,
		field: caption,
		message: `${caption} "${value}" has no coupled partner in the other system (table mapping ${mapping}).`,
		hint: `Synchronize or couple "${value}" with the table mapping ${mapping} first; the record is tried again in every run.`,
	});
}
