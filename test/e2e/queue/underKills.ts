import { equal, ok } from 'node:assert/strict';
import type { Checks } from '../checks';
import type { Rest } from '../n8n/rest';
import { checkAftermath, failures, lines } from './aftermath';
import { compare } from './bothSides';
import { Edits } from './edits';
import type { QueueEnvironment } from './environment';
import type { Synchronized } from './firstSync';
import { killAndReplace, type Hit } from './kills';
import { storeSchema } from './storeLog';
import type { Scheduled } from './workflows';

const kills = 6;
/** Between the start of a worker and the next kill. */
const restMs = 6_000;
/** How long a killed worker stays away. */
const awayMs = 3_000;
const everyEditMs = 1000;
/** So that runs last long enough to be hit, and longer than their schedule now and then. */
const slow = { roundTripMs: 250, perOperationMs: 40 };
/** The product frees a dead run's lease after two minutes; then comes the next turn of the schedule, on a busy machine. */
const freedWithinMs = 120_000 + 30_000;

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Schedules, people and kills at the same time; then quiet, and a look at both systems, the store and n8n's own list of executions. */
export async function checkUnderKills(
	checks: Checks,
	environment: QueueEnvironment,
	rest: Rest,
	{ offices, scheduled }: Synchronized,
): Promise<void> {
	const { workers, sandbox, store } = environment;
	const edits = new Edits(sandbox, offices);
	const hits: Hit[] = [];
	const failuresBefore = await failures(environment);

	await checks.must(`${scheduled.length} mappings are scheduled, every few seconds each`, async () => {
		ok(scheduled.length >= 12);
		await edits.begin();
		sandbox.latency = slow;
		for (const { workflow } of scheduled) await rest.activate(workflow.id);
	});

	await checks.must(`Workers are killed ${kills} times in the middle of runs, and replaced, while people edit both systems`, async () => {
		let over = false;
		const editing = (async () => {
			while (!over) {
				await edits.next();
				await wait(everyEditMs);
			}
		})();
		// It is awaited only after the kills; until then a refused edit must not end this process.
		editing.catch(() => undefined);
		try {
			for (let turn = 0; turn < kills; turn++) {
				await wait(restMs);
				const hit = await killAndReplace(workers[turn % 2]!, store, awayMs);
				hits.push(hit);
				checks.note(`${hit.process} killed while running ${hit.running} mappings, with ${hit.intents} creations open`);
			}
			await wait(restMs);
		} finally {
			over = true;
			await editing;
		}
		checks.note(`${edits.count} edits and new records`);
		ok(
			hits.every(({ running }) => running > 0),
			'A worker was killed that ran nothing.',
		);
		ok(
			hits.some(({ intents }) => intents > 0),
			'No kill fell between the announcement of a creation and its record.',
		);
	});

	sandbox.latency = { roundTripMs: 0, perOperationMs: 0 };
	await checks.that('All edits and new records arrive; both systems agree in all companies', async () => {
		const deadline = Date.now() + freedWithinMs + 30_000;
		let aged = 0;
		while ((await compare(offices, edits)).differences.length > 0 && Date.now() < deadline) {
			aged += await store.skipTheLongWait();
			await wait(2000);
		}
		if (aged > 0) checks.note(`${aged} creations in Business Central without an answer`);
		const { differences } = await compare(offices, edits);
		equal(differences.length, 0, lines(differences));
	});

	await checks.that('Nothing is there twice', async () => {
		const { duplicates } = await compare(offices, edits);
		equal(duplicates.length, 0, lines(duplicates));
	});

	await checks.that('Nothing is written once both sides agree', async () => {
		await twoMoreRunsOfEach(environment, scheduled);
		const before = sandbox.log.requests.length;
		await twoMoreRunsOfEach(environment, scheduled);
		const written = sandbox.log.requests.slice(before).filter(({ writes }) => writes > 0);
		equal(written.length, 0, lines(written.map(({ method, path }) => `${method} ${path}`)));
	});

	for (const { workflow } of scheduled) await rest.deactivate(workflow.id);
	await executionsTaken(environment);
	await Promise.all(workers.map((worker) => worker.stop()));
	await checkAftermath(checks, environment, { hits, failuresBefore, freedWithinMs });
}

/** Waits until the workers have taken what still waits in the queue, two minutes at most; those that run then end by themselves. */
async function executionsTaken({ store }: QueueEnvironment): Promise<void> {
	const deadline = Date.now() + 120_000;
	do await wait(1000);
	while ((await store.query(`select 1 from execution_entity where status = 'new' limit 1`)).length > 0 && Date.now() < deadline);
}

/** Waits until each scheduled mapping has run twice more, the second time from its start on. */
async function twoMoreRunsOfEach({ store }: QueueEnvironment, scheduled: readonly Scheduled[]): Promise<void> {
	// Every run ends by giving its lease back.
	const ended = async () => {
		const rows = await store.query<{ company: string; mapping: string; count: number }>(
			`select c.company_name as company, l.mapping, count(*)::int from e2e.lease_change l
				join ${storeSchema}.connection c on c.connection_key = l.connection where l.owner is null group by 1, 2`,
		);
		return scheduled.map(({ company, mapping }) => rows.find((row) => row.company === company && row.mapping === mapping)?.count ?? 0);
	};
	const before = await ended();
	const deadline = Date.now() + freedWithinMs + 30_000;
	while ((await ended()).some((count, index) => count < before[index]! + 2)) {
		if (Date.now() > deadline) throw new Error('The schedule does not run all mappings.');
		await wait(500);
	}
}
