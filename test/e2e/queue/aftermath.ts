import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Checks } from '../checks';
import { startsOf } from './cluster';
import type { QueueEnvironment } from './environment';
import type { Hit } from './kills';
import { storeSchema } from './storeLog';
import { doubleRuns, freedAfter, spans, stolenLeases } from './verdict';

/** The first of many findings, a line each. */
export const lines = (found: readonly string[]): string =>
	[...found.slice(0, 15), ...(found.length > 15 ? [`… ${found.length} in all`] : [])].join('\n');

interface Before {
	hits: readonly Hit[];
	failuresBefore: readonly string[];
	freedWithinMs: number;
}

/** When nothing runs any more: what the triggers in the database, the store, the logs of the workers and n8n's list of executions tell. */
export async function checkAftermath(checks: Checks, environment: QueueEnvironment, before: Before): Promise<void> {
	const { hits, failuresBefore, freedWithinMs } = before;
	const { store, workers } = environment;
	const [jobs, leases] = [await store.jobWrites(), await store.leaseChanges()];
	const all = spans(jobs, hits);
	checks.note(`${all.length} jobs, ${leases.length} changes of leases`);

	await checks.that('No mapping ran twice at the same time', () => {
		const found = doubleRuns(all);
		equal(found.length, 0, lines(found));
	});

	await checks.that('No lease was taken from a run that lived', () => {
		const found = stolenLeases(leases, hits);
		equal(found.length, 0, lines(found));
	});

	await checks.that('The leases of the killed workers were free again in time', () => {
		const freed = hits.flatMap((hit) => freedAfter(leases, hit));
		ok(freed.length > 0);
		const seconds = freed.map(({ afterMs }) => Math.round(afterMs / 1000)).sort((a, b) => a - b);
		checks.note(`after ${seconds.join(', ')} s`);
		const late = freed.filter(({ afterMs }) => afterMs > freedWithinMs);
		equal(late.length, 0, JSON.stringify(late));
	});

	await checks.that('Runs were made by both workers and never by the main process', () => {
		const places = new Set(all.map(({ process }) => process.replace(/\.\d+$/, '')));
		deepEqual([...places].sort(), ['worker-1', 'worker-2']);
	});

	await checks.that('Nothing is left over: no announced creation, no new failure, no lease', async () => {
		const intents = await store.query(`select mapping, direction, source_id from ${storeSchema}.intent`);
		equal(intents.length, 0, JSON.stringify(intents.slice(0, 5)));
		deepEqual(await store.heldLeases(), []);
		const added = (await failures(environment)).filter((failure) => !failuresBefore.includes(failure));
		equal(added.length, 0, lines(added));
	});

	await checks.that('n8n began no execution twice', () => {
		const starts = startsOf(workers);
		ok(starts.size > 0);
		const twice = [...starts].filter(([, count]) => count > 1);
		checks.note(`${starts.size} executions`);
		equal(twice.length, 0, twice.map(([id, count]) => `execution ${id}: ${count} times`).join('\n'));
	});

	await checks.that('Executions of the same mapping met each other, and all but the killed ones ended well', async () => {
		const executions = await store.query<{ status: string; count: number }>(
			`select status, count(*)::int from execution_entity where "workflowId" like 'every-%' group by status`,
		);
		checks.note(executions.map(({ status, count }) => `${count} ${status}`).join(', '));
		const [met] = await store.query<{ count: number }>(
			`select count(*)::int from execution_entity a join execution_entity b on a."workflowId" = b."workflowId" and a.id < b.id
				and b."startedAt" < a."stoppedAt" where a."workflowId" like 'every-%' and a.status = 'success' and b.status = 'success'`,
		);
		ok(met!.count > 0, 'No two executions of a mapping overlapped.');
		checks.note(`${met!.count} times an execution began while another one of the same mapping was at work`);
		const bad = executions.filter(({ status }) => status !== 'success').reduce((sum, { count }) => sum + count, 0);
		const struck = hits.reduce((sum, { running }) => sum + running, 0);
		ok(bad <= struck + hits.length * 6, `${bad} executions did not end well, although the kills hit about ${struck}.`);
	});
}

/** Failed records of all connections, in words. */
export async function failures({ store }: QueueEnvironment): Promise<string[]> {
	const rows = await store.query<Record<string, string>>(
		`select connection_key::text as connection, mapping, direction, source_id, error_code from ${storeSchema}.failure`,
	);
	return rows.map((row) => Object.values(row).join(' '));
}
