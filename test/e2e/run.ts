/**
 * `npm run e2e`: the package in a real n8n, installed the way n8n installs it, against the sandbox: by command line, by schedule, in
 * the editor and by the trigger. Prints a line per check and ends with `N passed, N failed`.
 */
import { join } from 'node:path';
import { seedDemo } from '../../sandbox/demo';
import { Checks, Stop } from './checks';
import { checkCommandLine, commandLineWorkflows } from './commandLine';
import { checkCredentials } from './credentials';
import { checkEditor, tourWorkflows } from './editorTour';
import { exampleWorkflows, startEnvironment, workFolder, type Environment } from './n8n/environment';
import type { Rest } from './n8n/rest';
import { Person } from './person';
import { checkSchedule, scheduledOften } from './schedule';
import { checkTrigger } from './trigger/checks';
import { looking, startedByTrigger } from './trigger/workflow';

const checks = new Checks();
const userFolder = join(workFolder, 'run');
let environment: Environment | undefined;

async function main(): Promise<void> {
	await checks.must('The package is built, packed and installed in n8n; credentials and workflows are imported', async () => {
		environment = await startEnvironment({
			userFolder,
			workflows: [...exampleWorkflows(), ...commandLineWorkflows, ...tourWorkflows, scheduledOften(), startedByTrigger(looking)],
			seed: (sandbox) => void seedDemo(sandbox),
			note: (text) => checks.note(text),
		});
	});
	if (environment === undefined) return;
	const { addresses, n8n } = environment;
	const [anna, ben] = await Promise.all([Person.signIn(addresses, 'ANNA'), Person.signIn(addresses, 'BEN')]);

	const pairs = await checkCommandLine(checks, environment, anna, ben);

	let rest: Rest | undefined;
	await checks.must('The server starts with the package', async () => {
		rest = await n8n.startServer(join(userFolder, 'n8n.log'));
		await rest.setUpOwner();
	});
	if (rest === undefined) return;
	await checkCredentials(checks, environment, rest);
	await checkSchedule(checks, environment, rest, pairs, { anna, ben });
	await checkEditor(checks, environment, pairs, anna);
	// Last, for it ends the server, and starts it again.
	await checkTrigger(checks, environment, rest);
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
