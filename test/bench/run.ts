/**
 * `npm run bench`: what a synchronization costs, against the sandbox over real HTTP on loopback, in one run. `-- --quick` takes 2,000 customers
 * instead of 20,000, `-- --customers N` any number, `-- --json` prints one JSON document, `-- --round-trip 50` another round trip than 30 ms,
 * `-- --operation 5` lets the services take that long (ms) for each row they write instead of 20. BENCH_PROFILE=folder writes where the time of each measured work goes, see measure.ts. Exit code 0 only if everything was delivered within the memory limit.
 */
import { parseArgs } from 'node:util';
import type { Latency } from '../../sandbox/core/types';
import { ceilingMs, type Work } from './ceiling';
import { edit } from './data';
import { asTable, megabytes, type Line } from './report';
import { openStage, type Outcome } from './stage';

/** What the synchronizing process may take above what it takes when idle. */
const MEMORY_LIMIT_MB = 150;
const HOUR_MS = 3_600_000;
const PER_ROW_MS = 0.1;
/** What a coupling of twenty fields may take in the state file. */
const STATE_BYTES = 1_000;

async function main(): Promise<void> {
	const { values: options } = parseArgs({
		options: {
			quick: { type: 'boolean', default: false },
			json: { type: 'boolean', default: false },
			'round-trip': { type: 'string', default: '30' },
			operation: { type: 'string', default: '20' },
			customers: { type: 'string' },
		},
	});
	const perWriteMs = Number(options.operation);
	const latency: Latency = {
		roundTripMs: Number(options['round-trip']),
		perOperationMs: 0,
		perRowMs: PER_ROW_MS,
		perKindMs: { create: perWriteMs, update: perWriteMs, delete: perWriteMs },
	};
	const customers = Number(options.customers ?? (options.quick ? 2_000 : 20_000));
	const say = (text: string): void => void (options.json || console.log(text));
	const problems: string[] = [];
	const expect = (holds: boolean, problem: string): void => void (holds || problems.push(problem));
	const lines: Line[] = [];
	const add = (what: string, records: number, outcome: Outcome, work?: Work): Outcome => {
		lines.push({ what, records, outcome, ...(work ? { ceilingMs: ceilingMs(work, latency) } : {}) });
		expect(outcome.finished && outcome.failed === 0, `${what}: ${outcome.failed} failed`);
		return outcome;
	};

	const expectFew = ({ requests: { businessCentral, crm } }: Outcome, records: number, most: number): void => {
		const each = (businessCentral + crm) / records;
		expect(each <= most, `${each.toFixed(4)} requests for each record; at most ${most} are allowed.`);
	};

	say(
		`Node.js ${process.version}, ${latency.roundTripMs} ms round trip, ${perWriteMs} ms for each row written, ${PER_ROW_MS} ms for each row read; HTTP on loopback\n`,
	);
	const { full, accounts, stateBytes } = await fullSync(customers, latency);
	add(`full sync of ${customers} customers`, customers, full, {
		written: { businessCentral: 0, crm: customers },
		read: { businessCentral: customers, crm: customers },
	});
	// A smaller table pays for looking at the set-up as well.
	if (customers >= 20_000) expectFew(full, customers, 0.03);
	if (customers >= 20_000)
		expect(
			stateBytes / customers <= STATE_BYTES,
			`A coupling takes ${Math.round(stateBytes / customers)} bytes; the limit is ${STATE_BYTES}.`,
		);
	// V8 takes room before it collects, more or less of it by chance: what the work needs is measured in a run of its own.
	const { full: collecting } = await fullSync(customers, latency, true);
	expect(accounts === customers, `${accounts} accounts for ${customers} customers`);
	const used = usedBy(collecting);
	expect(used <= MEMORY_LIMIT_MB, `The full synchronization took ${used.toFixed(0)} MB above idle; the limit is ${MEMORY_LIMIT_MB} MB.`);

	const looking = await openStage(customers, latency);
	try {
		const preview = await looking.measure({ kind: 'preview' });
		add('preview of that full sync', customers, preview);
		expect(
			preview.writes === 0 && preview.inserted === full.inserted,
			`The preview wrote ${preview.writes} rows, or told something else than the run.`,
		);
	} finally {
		await looking.close();
	}

	const small = await openStage(1_000, latency);
	try {
		const prepared = await small.measure({ kind: 'fullSync' });
		expect(prepared.finished && prepared.failed === 0, 'The 1,000 customers could not be synchronized.');
		const now = (): string => new Date(small.sandbox.clock.stamp('crm')).toISOString();
		small.later(HOUR_MS);
		edit(small.sandbox, small.base, 1, now());
		const changed = add('800 of 1,000 changed: one run', 800, await small.measure({ kind: 'incremental' }), {
			written: { businessCentral: 300, crm: 500 },
			read: { businessCentral: 500, crm: 300 },
		});
		expectFew(changed, 800, 0.12);
		expect(
			changed.modified === 800 && changed.writes === 800,
			`The run changed ${changed.modified} records and wrote ${changed.writes} rows instead of 800.`,
		);
		small.later(HOUR_MS);
		const quiet = add('nothing changed: quiet run', 1_000, await small.measure({ kind: 'incremental' }));
		expect(quiet.writes === 0, `The quiet run wrote ${quiet.writes} rows.`);
		small.later(HOUR_MS);
		const order = edit(small.sandbox, small.base, 2, new Date(small.sandbox.clock.stamp('crm') - HOUR_MS / 2).toISOString());
		const single = add('800 of 1,000 changed: one request each', 800, await small.measure({ kind: 'oneByOne', order }));
		expect(single.modified === 800, `Record by record, ${single.modified} were changed instead of 800.`);
	} finally {
		await small.close();
	}

	if (options.json) console.log(JSON.stringify({ node: process.version, latency, customers, stateBytes, lines, problems }, null, 2));
	else print(lines, { stateBytes, customers, used }, problems);
	process.exitCode = problems.length === 0 ? 0 : 1;
}

async function fullSync(customers: number, latency: Parameters<typeof openStage>[1], collecting = false) {
	const stage = await openStage(customers, latency);
	try {
		const full = await stage.measure({ kind: 'fullSync', ...(collecting ? { collecting: true as const } : {}) });
		return { full, accounts: stage.sandbox.crm.rows('account').length, stateBytes: await stage.stateSize() };
	} finally {
		await stage.close();
	}
}

const usedBy = ({ peakRss, idleRss }: Outcome): number => megabytes(peakRss - idleRss);

function print(
	lines: readonly Line[],
	{ stateBytes, customers, used }: { stateBytes: number; customers: number; used: number },
	problems: readonly string[],
): void {
	console.log(asTable(lines));
	const [, , run, , single] = lines;
	console.log(
		`\nState file after the full sync: ${megabytes(stateBytes).toFixed(1)} MB, ${Math.round(stateBytes / customers)} bytes for each coupling.`,
	);
	if (run && single) {
		const times = single.outcome.durationMs / run.outcome.durationMs;
		console.log(`The same 800 changes take ${times.toFixed(0)} times as long with one request each.`);
	}
	console.log(
		`Memory is counted above the idle process. What the full sync needs, garbage collected all the while: ${used.toFixed(0)} MB; at most ${MEMORY_LIMIT_MB} MB are allowed.`,
	);
	for (const problem of problems) console.log(`FAILED: ${problem}`);
}

main().then(
	() => process.exit(),
	(error: unknown) => {
		console.error(error instanceof Error ? error.stack : error);
		process.exit(1);
	},
);
