import { SyncError } from '../model/errors';
import type { Side } from '../model/side';
import type { TableMapping } from '../model/tableMapping';

interface NotCoupled {
	caption: string;
	value: string;
	mapping: string | undefined;
	off?: boolean | undefined;
}

/** Whether a table mapping is switched off: what it synchronizes cannot be coupled by it, so nobody should be sent there. */
export const isOff = (mappings: ReadonlyMap<string, TableMapping>, name: string): boolean => mappings.get(name)?.enabled === false;

/**
 * The error `DEPENDENCY`: what a record refers to has no counterpart yet.
 * @param reference the field by its caption, the value as people see it, and the table mapping it belongs to
 * @param reference.off the table mapping is switched off, so that nothing can be done with it
 * @param system where the value stands
 */
export function notCoupled({ caption, value, mapping, off }: NotCoupled, system: Side = 'businessCentral'): SyncError {
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
