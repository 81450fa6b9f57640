/**
 * `npm run mutations [-- --only TEXT]`: plants one bug at a time into a copy of the engine and tells stories, of all families or of those it
 * concerns, until one breaks a promise. A bug that no story notices within 2,000 runs, and a place that is no longer there, are failures. Ends
 * with "N passed, N failed".
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MUTATIONS, type Mutation, type Place } from './list';

const RUNS = 2000;
/** Undisturbed stories that must hold before bugs are planted. */
const CONTROL_RUNS = 200;
const SEED = 1;
const ROOT = resolve(__dirname, '../../..');
const COPIED = ['engine', 'sandbox', 'test/kit', 'test/convergence', 'test/scenarios/trigger', 'package.json', 'tsconfig.json'];

interface Telling {
	/** Until the broken promise, or all. */
	runs: number;
	broken: string | null;
}

async function main(): Promise<boolean> {
	const only = process.argv[process.argv.indexOf('--only') + 1];
	const chosen = process.argv.includes('--only') ? MUTATIONS.filter(({ name }) => name.includes(only!)) : MUTATIONS;
	const began = Date.now();
	const control = await inCopy(null, CONTROL_RUNS);
	if (control.broken) {
		console.log(`The engine as it is breaks promises already: ${control.broken}`);
		return false;
	}
	let failed = 0;
	const open = [...chosen];
	const worker = async (): Promise<void> => {
		for (let mutation = open.shift(); mutation; mutation = open.shift()) {
			const problem = misplaced(mutation);
			const { runs, broken } = problem ? { runs: 0, broken: null } : await inCopy(mutation, RUNS);
			if (!broken) failed++;
			console.log(
				broken
					? `caught after ${String(runs).padStart(4)} runs: ${mutation.name}`
					: `NOT CAUGHT (${problem ?? `${runs} runs`}): ${mutation.name}`,
			);
			if (broken) console.log(`    ${broken.slice(0, 160)}`);
		}
	};
	await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
	console.log(`${((Date.now() - began) / 1000).toFixed(0)} s`);
	console.log(`${chosen.length - failed} passed, ${failed} failed`);
	return failed === 0;
}

const placesOf = (mutation: Mutation): Place[] => [mutation, ...(mutation.also ? [mutation.also] : [])];

function misplaced(mutation: Mutation): string | null {
	for (const { file, find } of placesOf(mutation)) {
		const places = existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8').split(find).length - 1 : 0;
		if (places !== 1) return `${file} has the place ${places} times`;
	}
	return null;
}

async function inCopy(mutation: Mutation | null, runs: number): Promise<Telling> {
	const folder = mkdtempSync(join(tmpdir(), 'd365-mutation-'));
	try {
		for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
		symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
		for (const { file, find, put } of mutation ? placesOf(mutation) : []) {
			const path = join(folder, file);
			writeFileSync(
				path,
				readFileSync(path, 'utf8').replace(find, () => put),
			);
		}
		return await tell(folder, runs, mutation?.families);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** A process of its own: a planted bug may also make it hang or end. */
async function tell(folder: string, runs: number, families?: string): Promise<Telling> {
	const parameters = [
		'--runs',
		String(runs),
		'--seed',
		String(SEED),
		'--until-violation',
		'--no-shorten',
		...(families ? ['--family', families] : []),
	];
	const child = spawn(process.execPath, ['--import', 'tsx', 'test/convergence/run.ts', ...parameters], { cwd: folder });
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	await new Promise((done) => child.once('exit', done));
	const broken = /^BROKEN (.*)$/m.exec(output)?.[1] ?? null;
	const figures = /^(\d+) runs, /m.exec(output);
	if (!broken && !figures) throw new Error(`The stories could not be told:\n${output.slice(-2000)}`);
	return { runs: Number(figures?.[1] ?? 0), broken };
}

main().then(
	(good) => (process.exitCode = good ? 0 : 1),
	(error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	},
);
