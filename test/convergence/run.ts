/**
 * `npm run convergence -- --runs N --seed S [--family NAME] [--workers N] [--until-violation] [--plot]`: stories of all families in turn, or of one,
 * until so many runs are done, with figures for each family; by several processes if asked. A broken story is printed in its shortest form; its seed
 * and family replay it.
 */
import { FAMILIES, familyOf } from './families';
import { describeBroken, shorten } from './shorten';
import { strikeStages } from './stage';
import { playStory } from './story';
import { Tally } from './tally';
import { figuresLine, tellInProcesses } from './workers';

const value = (name: string): string | undefined => {
	const index = process.argv.indexOf(`--${name}`);
	return index < 0 ? undefined : process.argv[index + 1];
};
const flag = (name: string): boolean => process.argv.includes(`--${name}`);

/** The story being told. When nothing is left to do and it has not ended, it waits for something that never comes. */
let telling = '';
let toldRuns = 0;
process.on('exit', () => {
	if (telling === '') return;
	console.log(`BROKEN ${telling}: the story never ended\n${toldRuns} runs, and one that waits for ever`);
	process.exitCode = 1;
});

async function main(): Promise<void> {
	const wanted = Number(value('runs') ?? 1000);
	const first = Number(value('seed') ?? Math.floor(Math.random() * 1e9));
	const named = value('family');
	const workers = Number(value('workers') ?? 1);
	console.log(`seed ${first}`);
	if (workers > 1) {
		const given = ['plot', 'no-shorten', 'until-violation'].filter(flag).map((name) => `--${name}`);
		const parameters = [...given, ...(named ? ['--family', named] : [])];
		const told = await tellInProcesses({ workers, runs: wanted, seed: first, parameters, untilViolation: flag('until-violation') });
		console.log(told.table());
		process.exitCode = told.broken === 0 ? 0 : 1;
		return;
	}
	const families = named ? named.split(',').map((name) => familyOf(name)) : FAMILIES;
	const tally = new Tally();
	for (let index = 0; tally.total.runs < wanted; index++) {
		const family = families[index % families.length]!.name;
		const began = Date.now();
		telling = `seed ${first + index} family ${family}`;
		const outcome = await playStory(first + index, family);
		tally.add(family, outcome, Date.now() - began);
		toldRuns = tally.total.runs;
		if (outcome.violations.length === 0) continue;
		const short = flag('no-shorten') ? outcome : await shorten(outcome);
		console.log(describeBroken(outcome, short, flag('plot')));
		if (flag('until-violation')) break;
	}
	telling = '';
	console.log(flag('figures') ? figuresLine(tally) : tally.table());
	process.exitCode = tally.broken === 0 ? 0 : 1;
}

main()
	.catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	})
	.finally(() => strikeStages());
