/**
 * `npm run e2e:operations`: what operators do to n8n and its state, with real processes and files. Each topic is a file beside this one. Prints a line
 * per check and ends with `N passed, N failed`. `-- NAME …` runs only the topics named, `-- --seed N` repeats their random moments.
 */
import { Checks, Stop } from '../checks';
import { backups } from './backups';
import { failover } from './failover';
import { chosenTopics, type Topic } from './options';
import { shutdown } from './shutdown';
import { silence } from './silence';

const topics: Readonly<Record<string, Topic>> = {
	shutdown,
	backups,
	failover,
	silence,
};

const checks = new Checks();

async function main(): Promise<void> {
	for (const [name, topic] of chosenTopics(topics)) {
		checks.note(`— ${name}`);
		await topic(checks).catch((error: unknown) => {
			// What makes the rest of a topic pointless does not concern the others.
			if (!(error instanceof Stop)) throw error;
		});
	}
}

function end(): never {
	console.log(`\n${checks.summary()}`);
	// Explicitly: what is still open must neither keep the process alive nor decide its exit code.
	process.exit(checks.failed > 0 ? 1 : 0);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
	process.on(signal, () => {
		checks.failed++;
		console.log(`Interrupted by ${signal}.`);
		end();
	});
}

void main()
	.catch((error: unknown) => {
		checks.failed++;
		console.error(error);
	})
	.then(end);
