import { type Insertable, type Selectable, sql, type SqlBool } from 'kysely';
import { compiledOnce } from '../compiledOnce';
import { decodeNext, readPage } from '../paging';
import type { JobTable } from '../schema';
import type { Scope } from '../scope';
import { stampMs } from '../stamps';
import type { PassDirection } from '../../model/direction';
import type { Counters, Job, JobStatus, JobType } from '../../model/job';
import type { StoreChanges } from '../../ports/storeChanges';
import type { LogQuery, Page } from '../../ports/storeQueries';

type JobKey = [startedMs: number, id: string];

const jobFromRow = (row: Selectable<JobTable>): Job => ({
	id: row.id,
	mapping: row.mapping,
	direction: row.direction as PassDirection | null,
	type: row.type as JobType,
	status: row.status as JobStatus,
	preview: row.preview === 1,
	startedAt: row.started_at,
	finishedAt: row.finished_at,
	message: row.message,
	...(JSON.parse(row.counters) as Counters),
	requests: JSON.parse(row.requests) as Job['requests'],
	writes: JSON.parse(row.writes) as Job['writes'],
});

type JobRow = Insertable<JobTable>;

const upsert = compiledOnce(({ db }, values: JobRow) => {
	const { connection_key, id, mapping, direction, type, status, preview, started_at, started_ms } = values;
	const { finished_at, finished_ms, message, counters, requests, writes } = values;
	const row = {
		mapping,
		direction,
		type,
		status,
		preview,
		started_at,
		started_ms,
		finished_at,
		finished_ms,
		message,
		counters,
		requests,
		writes,
	};
	return db
		.insertInto('job')
		.values({ connection_key, id, ...row })
		.onConflict((oc) => oc.columns(['connection_key', 'id']).doUpdateSet(row));
});

export async function putJob(scope: Scope, job: Job): Promise<void> {
	const { inserted, modified, deleted, unchanged, skipped, failed, coupled, uncoupled } = job;
	const counters: Counters = { inserted, modified, deleted, unchanged, skipped, failed, coupled, uncoupled };
	await upsert(scope, {
		connection_key: scope.connectionKey,
		id: job.id,
		mapping: job.mapping,
		direction: job.direction,
		type: job.type,
		status: job.status,
		preview: job.preview ? 1 : 0,
		started_at: job.startedAt,
		started_ms: stampMs(job.startedAt),
		finished_at: job.finishedAt,
		finished_ms: job.finishedAt === null ? null : stampMs(job.finishedAt),
		message: job.message,
		counters: JSON.stringify(counters),
		requests: JSON.stringify(job.requests),
		writes: JSON.stringify(job.writes),
	});
}

/** The time a dead process ended is not known: the time somebody noticed stands for it. */
export async function endDeadJobs({ db, connectionKey }: Scope, dead: NonNullable<StoreChanges['endDeadJobs']>): Promise<void> {
	await db
		.updateTable('job')
		.set({ status: 'stopped', finished_at: dead.at, finished_ms: stampMs(dead.at), message: dead.message })
		.where('connection_key', '=', connectionKey)
		.where('mapping', '=', dead.mapping)
		// Literally, so that both databases see that the partial index answers.
		.where(sql<SqlBool>`status = 'running'`)
		.execute();
}

/** Newest first. `errorClass` and `recordId` select the jobs whose log entries have them. */
export async function listJobs(scope: Scope, query: LogQuery): Promise<Page<Job>> {
	const after = decodeNext<JobKey>(query.next, ['number', 'string']);
	const page = await readPage<JobKey, Selectable<JobTable>>(
		{
			sliceEnd: async (from) => {
				const row = await inOrder(scope, query, from, undefined)
					.select(['started_ms', 'id'])
					.offset(scope.scanSlice - 1)
					.limit(1)
					.executeTakeFirst();
				return row && [row.started_ms, row.id];
			},
			read: (from, upTo, limit) => matching(scope, query, from, upTo).selectAll('job').limit(limit).execute(),
			keyOf: (row) => [row.started_ms, row.id],
		},
		{ after, limit: query.limit, sliced: Number.isFinite(scope.scanSlice) && query.jobId === undefined && query.recordId === undefined },
	);
	return { ...page, rows: page.rows.map(jobFromRow) };
}

/** What an index answers: connection, mapping, period, position. */
function inOrder({ db, connectionKey }: Scope, query: LogQuery, after: JobKey | undefined, upTo: JobKey | undefined) {
	let jobs = db.selectFrom('job').where('job.connection_key', '=', connectionKey).orderBy('started_ms', 'desc').orderBy('id', 'desc');
	if (query.mapping !== undefined) jobs = jobs.where('job.mapping', '=', query.mapping);
	if (query.from !== undefined) jobs = jobs.where('started_ms', '>=', stampMs(query.from));
	if (query.to !== undefined) jobs = jobs.where('started_ms', '<=', stampMs(query.to));
	if (after !== undefined) jobs = jobs.where(sql<boolean>`(started_ms, id) < (${after[0]}, ${after[1]})`);
	if (upTo !== undefined) jobs = jobs.where(sql<boolean>`(started_ms, id) >= (${upTo[0]}, ${upTo[1]})`);
	return jobs;
}

function matching(scope: Scope, query: LogQuery, after: JobKey | undefined, upTo: JobKey | undefined) {
	let jobs = inOrder(scope, query, after, upTo);
	if (query.jobId !== undefined) jobs = jobs.where('id', '=', query.jobId);
	if (query.direction !== undefined) jobs = jobs.where('direction', '=', query.direction);
	if (query.status !== undefined) jobs = jobs.where('status', '=', query.status);
	const { errorClass, recordId } = query;
	if (errorClass !== undefined) {
		jobs = jobs.where((eb) =>
			eb.exists(
				eb
					.selectFrom('log_entry')
					.select(sql.lit(1).as('one'))
					.whereRef('log_entry.connection_key', '=', 'job.connection_key')
					.whereRef('log_entry.job_id', '=', 'job.id')
					.where('log_entry.error_class', '=', errorClass),
			),
		);
	}
	if (recordId !== undefined) {
		const naming = (column: 'bc_id' | 'crm_id') =>
			scope.db.selectFrom('log_entry').select('job_id').where('connection_key', '=', scope.connectionKey).where(column, '=', recordId);
		jobs = jobs.where('id', 'in', naming('bc_id').union(naming('crm_id')));
	}
	return jobs;
}
