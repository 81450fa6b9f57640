import { SyncError } from '../model/errors';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';

/** So many may be left over from a crash, or from a single record that was coupled elsewhere. */
export const HANDFUL = 5;

/** What one record shows of having been coupled by another state store. */
export interface Trace {
	/** Number and name. */
	record: string;
	/** Stamp of the CRM record, where it was read; ISO. */
	modifiedAt?: string;
}

/**
 * More than a handful of records that this store does not know carry traces of a coupling: ids that are made of a record of Business Central, or
 * this company and the number. They are taken over when a person says so, or has said that the mapping is new and nothing is coupled yet.
 * @throws SyncError `TRACES_FOUND` (setup)
 */
export async function requireNoTraces({ store }: SyncSession, mapping: TableMapping, traces: readonly Trace[]): Promise<void> {
	if (traces.length <= HANDFUL) return;
	if ((await store.origin(mapping.name))?.kind === 'new') return;
	const newest = traces
		.flatMap(({ modifiedAt }) => modifiedAt ?? [])
		.sort()
		.at(-1);
	const when = newest ? `; the newest was changed ${newest.slice(0, 16).replace('T', ' ')} UTC` : '';
	const named = traces.slice(0, 3).map(({ record }) => record);
	throw new SyncError({
		code: 'TRACES_FOUND',
		errorClass: 'setup',
		system: 'crm',
		table: mapping.crm.name,
		message: `${traces.length} CRM records of ${mapping.name} were synchronized with this company before, but this state store does not know them (${named.join(', ')}, …${when}). Another state store worked here, or the store at hand is an older one; or one of the environments is a copy, and its values may be old. Nothing was written.`,
		hint: 'Attach the store that made these couplings, or import its state. If it is gone: the option "Traces of Another State → Take Over" couples what belongs together; where two records differ, the update-conflict strategy of the mapping says who wins, so preview it first (Full Sync → Run with Match First and Preview).',
	});
}
