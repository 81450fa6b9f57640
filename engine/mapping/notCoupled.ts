import { SyncError } from '../model/errors';
import type { Side } from '../model/side';

/**
 * The error `DEPENDENCY`: what a record refers to has no counterpart yet.
 * @param reference the field by its caption, the value as people see it, and the table mapping it belongs to
 * @param reference.off the table mapping is switched off, so that nothing can be done with it
 * @param system where the value stands
 */
export function notCoupled(
	{ caption, value, mapping, off }: { caption: string; value: string; mapping: string | undefined; off?: boolean | undefined },
	system: Side = 'businessCentral',
): SyncError {
	return new SyncError({
		code: 'DEPENDENCY',
		errorClass: 'data',
		system,
		field: caption,
		message: `${caption} "${value}" has no coupled partner in the other system (table mapping ${mapping}).`,
		hint: off
			? `The table mapping ${mapping} is switched off, so "${value}" cannot be coupled: enable it in Table Mappings and synchronize it, or disable the field mapping ${caption}. The record is tried again as soon as that is done.`
			: `Synchronize or couple "${value}" with the table mapping ${mapping} first; the record is tried again in every run.`,
	});
}
