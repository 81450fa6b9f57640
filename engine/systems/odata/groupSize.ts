import { SyncError } from '../../model/errors';
import type { TableSource } from '../../model/record';
import { type Side, SYSTEM_NAMES } from '../../model/side';

/** A group that the service cannot carry out in one transaction. */
export const tooLarge = (system: Side, table: TableSource, size: number, largest: number): SyncError =>
	new SyncError({
		code: 'GROUP_TOO_LARGE',
		errorClass: 'data',
		system,
		table: table.name,
		message: `${size} changes belong together, and ${SYSTEM_NAMES[system]} carries out at most ${largest} as one.`,
		hint: 'Divide the document into several, each with fewer lines.',
	});
