/** `npm run convergence -- --runs N --seed S`: as many stories as asked, with figures; the seed of a broken one replays it. */
import { playStory, type StoryFigures } from './story';

const option = (name: string, fallback: number): number => {
	const index = process.argv.indexOf(`--${name}`);
	return index < 0 ? fallback : Number(process.argv[index + 1]);
};

async function main(): Promise<void> {
	const wanted = option('runs', 1000);
	const first = option('seed', Math.floor(Math.random() * 1e9));
	const verbose = process.argv.includes('--plot');
	const total: StoryFigures = { runs: 0, edits: 0, faults: 0, kills: 0 };
	let stories = 0;
	let violations = 0;
	const started = Date.now();
	for (let seed = first; total.runs < wanted; seed++) {
		const outcome = await playStory(seed);
		stories++;
		for (const name of ['runs', 'edits', 'faults', 'kills'] as const) total[name] += outcome.figures[name];
		if (outcome.violations.length > 0) {
			violations++;
			console.log(`seed ${seed}: ${outcome.violations.join('; ')}`);
			if (verbose) for (const line of outcome.plot) console.log(`    ${line}`);
		}
	}
	const seconds = (Date.now() - started) / 1000;
	console.log(
		`${stories} stories from seed ${first}: ${total.runs} runs, ${total.edits} edits, ${total.faults} faults, ${total.kills} kills in ${seconds.toFixed(1)} s; ${violations} with violations`,
	);
	process.exitCode = violations === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
