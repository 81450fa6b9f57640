import { sql } from 'kysely';
import type { Scope } from '../scope';
import { stampMs } from '../stamps';

const JOBS_PER_BATCH = 25;
const ENTRIES_PER_BATCH = 500;

/**
 * Deletes one batch of what belongs to jobs that finished at or before the time; to be repeated until `done`. Each batch is a small
 * transaction of its own, so that runs get their turn in between. A job goes after its last entry: what an interruption leaves is found again.
 *
 * Kept: jobs still running, and jobs whose errors a skipped failure goes back to, because they say why the record is skipped.
 */
export async function deleteJobBatch(scope: Scope, before: string): Promise<{ jobs: number; done: boolean }> {
	const { db, connectionKey } = scope;
	const jobs = await db
		.selectFrom('job')
		.select('id')
		.where('connection_key', '=', connectionKey)
		.where('finished_ms', '<=', stampMs(before))
		.where('status', '!=', 'running')
		.where('id', 'not in', namedBySkipped(scope, 'toCrm').union(namedBySkipped(scope, 'fromCrm')))
		.orderBy('finished_ms')
		.limit(JOBS_PER_BATCH)
		.execute();
	if (jobs.length === 0) return { jobs: 0, done: true };
	const ids = jobs.map((job) => job.id);
	const some = db
		.selectFrom('log_entry')
		.select('seq')
		.where('connection_key', '=', connectionKey)
		.where('job_id', 'in', ids)
		.limit(ENTRIES_PER_BATCH);
	const { numDeletedRows } = await db.deleteFrom('log_entry').where('seq', 'in', some).executeTakeFirst();
	if (Number(numDeletedRows) === ENTRIES_PER_BATCH) return { jobs: 0, done: false };
	await db.deleteFrom('job').where('connection_key', '=', connectionKey).where('id', 'in', ids).execute();
	return { jobs: ids.length, done: false };
}

const namedBySkipped = ({ db, connectionKey }: Scope, direction: 'toCrm' | 'fromCrm') =>
	db
		.selectFrom('failure')
		.innerJoin('log_entry', (join) =>
			join
				.onRef('log_entry.connection_key', '=', 'failure.connection_key')
				.onRef(direction === 'toCrm' ? 'log_entry.bc_id' : 'log_entry.crm_id', '=', 'failure.source_id')
				.onRef('log_entry.mapping', '=', 'failure.mapping')
				.on('log_entry.direction', '=', direction)
				.on(sql.ref('log_entry.kind'), '=', 'error'),
		)
		.select('log_entry.job_id')
		.where('failure.connection_key', '=', connectionKey)
		.where('failure.skipped', '=', 1)
		.where('failure.direction', '=', direction);
