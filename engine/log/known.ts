import { defaultNames, findMapping } from '../defaults/catalog';
import { SyncError } from '../model/errors';
import type { SyncStore } from '../ports/syncStore';

/**
 * For questions to the log: a mapping that is there, or was there when something was logged.
 * @throws SyncError `MAPPING_UNKNOWN` (setup) that names the mappings there are
 */
export async function requireLoggedMapping(store: SyncStore, name: string): Promise<void> {
	const own = [...(await store.settings())].flatMap(([each, { definition }]) => (definition ? [each] : []));
	const names = [...defaultNames(), ...own];
	if (names.includes(name)) return;
	const query = { mapping: name, limit: 1 };
	if ((await store.jobs(query)).rows.length > 0 || (await store.log(query)).rows.length > 0) return;
	findMapping(
		names.map((each) => ({ name: each })),
		name,
	);
}

/** @throws SyncError `JOB_UNKNOWN` (setup) */
export async function requireLoggedJob(store: SyncStore, jobId: string): Promise<void> {
	const query = { jobId, limit: 1 };
	if ((await store.jobs(query)).rows.length > 0 || (await store.log(query)).rows.length > 0) return;
	throw new SyncError({
		code: 'JOB_UNKNOWN',
		errorClass: 'setup',
		system: 'engine',
		message: `The log has no job "${jobId}".`,
		hint: 'Take the id from the field jobId of a job. Previews, and runs that could not start, are not in the log, and "Delete Old Entries" deletes jobs with their errors.',
	});
}
