import { SyncError } from '../model/errors';

/** What a record refers to must be coupled first. */
export function notCoupled(caption: string, value: string, mapping: string): SyncError {
	return new SyncError({
		code: 'DEPENDENCY',
		errorClass: 'data',
		system: 'businessCentral',
		field: caption,
		message: `${caption} "${value}" has no coupled partner in the other system (table mapping ${mapping}).`,
		hint: `Synchronize or couple "${value}" with the table mapping ${mapping} first; the record is tried again in every run.`,
	});
}
