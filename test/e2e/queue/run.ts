/**
 * `npm run e2e:queue`: n8n in queue mode (a main process, two workers, Redis, PostgreSQL) runs twelve scheduled mappings and more while people edit
 * both systems and the workers are killed in the middle. Prints a line per check and ends with `N passed, N failed`.
 */
import { join } from 'node:path';
import { Checks, Stop } from '../checks';
import type { Rest } from '../n8n/rest';
import { checkFirstSync } from './firstSync';
import { startQueueEnvironment, type QueueEnvironment } from './environment';
import { checkMain } from './mainProcess';
import { checkUnderKills } from './underKills';

const checks = new Checks();
let environment: QueueEnvironment | undefined;

async function main(): Promise<void> {
	await checks.must('The package is installed in an n8n in queue mode', async () => {
		environment = await startQueueEnvironment((text) => checks.note(text));
	});
	if (environment === undefined) return;
	const { n8n, workers } = environment;
	let rest: Rest | undefined;
	await checks.must('A main process and two workers start', async () => {
		[rest] = await Promise.all([n8n.startServer(join(n8n.userFolder, 'main.log')), workers[0].start(), workers[1].start()]);
		await rest.setUpOwner();
	});
	if (rest === undefined) return;
	await checkMain(checks, environment, rest);
	await checkUnderKills(checks, environment, rest, await checkFirstSync(checks, environment, rest));
}

async function end(): Promise<never> {
	await environment?.stop();
	console.log(`\n${checks.summary()}`);
	// Explicitly: what is still open must neither keep the process alive nor decide its exit code.
	process.exit(checks.failed > 0 ? 1 : 0);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		checks.failed++;
		console.log(`Interrupted by ${signal}.`);
		void end();
	});
}

void main()
	.catch((error: unknown) => {
		if (error instanceof Stop) return;
		checks.failed++;
		console.error(error);
	})
	.then(end);
