/**
 * `npm run e2e:trigger`: only the checks of the trigger that `npm run e2e` makes, with a server of their own. Prints a line per check and ends with
 * `N passed, N failed`.
 */
import { join } from 'node:path';
import { seedBase } from '../../kit/baseData';
import { Checks, Stop } from '../checks';
import { startEnvironment, workFolder, type Environment } from '../n8n/environment';
import { checkTrigger } from './checks';
import { looking, startedByTrigger } from './workflow';

const checks = new Checks();
const userFolder = join(workFolder, 'trigger');
let environment: Environment | undefined;

async function main(): Promise<void> {
	await checks.must('The package is installed in a real n8n', async () => {
		environment = await startEnvironment({
			userFolder,
			workflows: [startedByTrigger(looking)],
			seed: (sandbox) => void seedBase(sandbox),
			note: (text) => checks.note(text),
		});
	});
	const { n8n } = environment!;
	const rest = await n8n.startServer(join(userFolder, 'n8n.log'));
	await rest.setUpOwner();
	await checkTrigger(checks, environment!, rest);
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
