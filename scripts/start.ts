/**
 * `npm start`: the main job against the embedded sandbox. Two systems with data, people who edit on both sides, and the package's nodes in n8n's
 * own execution engine that keep them in step. `-- --json` prints one JSON document instead of the table. Exit code 0 only if both sides agree.
 */
import { openStage } from './start/stage';
import { printJson, printTable } from './start/report';
import { playStory } from './start/story';

async function main(): Promise<void> {
	const json = process.argv.includes('--json');
	const say = json ? () => undefined : (text: string) => console.log(text);
	const stage = await openStage(say);
	try {
		const runs = await playStory(stage, say);
		const differences = await stage.differences();
		if (json) printJson(runs, differences);
		else printTable(runs, differences);
		process.exitCode = differences.length === 0 && runs.every((run) => run.asExpected) ? 0 : 1;
	} finally {
		await stage.close();
	}
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
});
