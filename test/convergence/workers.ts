import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Tally, type TallyLine } from './tally';

/** Runs a process tells before a fresh one takes over, so that memory stays small and progress is seen. */
const RUNS_PER_PROCESS = 2000;
/** Seeds of a process: more than it has stories. */
const SEEDS_PER_PROCESS = 1_000_000;
/** A line by which a process hands its figures to the one that started it. */
const FIGURES = 'FIGURES ';

export const figuresLine = (tally: Tally): string => FIGURES + JSON.stringify([...tally.lines]);

export interface Crew {
	workers: number;
	runs: number;
	/** Of the first process; the next ones begin a million further on each. */
	seed: number;
	/** Parameters that each process gets as they are. */
	parameters: readonly string[];
	untilViolation: boolean;
}

/** Stories told by several processes at a time; what is broken is printed as it is found. A process that gives no figures counts as broken. */
export async function tellInProcesses({ workers, runs, seed, parameters, untilViolation }: Crew): Promise<Tally> {
	const tally = new Tally();
	const began = Date.now();
	let given = 0;
	let index = 0;
	const worker = async (): Promise<void> => {
		while (given < runs && !(untilViolation && tally.broken > 0)) {
			const share = Math.min(RUNS_PER_PROCESS, runs - given);
			given += share;
			const own = seed + SEEDS_PER_PROCESS * index++;
			if (!(await tell(tally, ['--runs', String(share), '--seed', String(own), ...parameters]))) {
				console.log(`BROKEN: the process that began with seed ${own} ended without figures`);
				tally.add(`seed ${own}`, { figures: { runs: share, edits: 0, faults: 0, kills: 0 }, violations: ['no figures'] }, 0);
			}
			const minutes = ((Date.now() - began) / 60_000).toFixed(1);
			console.log(`${tally.total.runs} runs in ${minutes} minutes, ${tally.broken} broken stories; seeds from ${own} done`);
		}
	};
	await Promise.all(Array.from({ length: workers }, worker));
	return tally;
}

async function tell(tally: Tally, parameters: readonly string[]): Promise<boolean> {
	const child = spawn(process.execPath, [...process.execArgv, join(__dirname, 'run.ts'), '--figures', ...parameters], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	let told = false;
	for await (const line of createInterface({ input: child.stdout })) {
		if (line.startsWith(FIGURES)) {
			for (const [family, figures] of JSON.parse(line.slice(FIGURES.length)) as Array<[string, TallyLine]>) tally.merge(family, figures);
			told = true;
		} else if (/^(BROKEN| {2})/.test(line)) console.log(line);
	}
	return told;
}
