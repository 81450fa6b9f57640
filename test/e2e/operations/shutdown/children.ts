import { deepEqual, equal, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { Random } from '../../../convergence/random';
import type { Checks } from '../../checks';
import { start, type Running } from '../../n8n/process';
import { seed } from '../options';
import { openCompany, type Company } from './company';
import { lookInto } from './stateFile';
import type { ChildSetting, Told } from './syncChild';

const ROUNDS = 30;
const CUSTOMERS = 700;
const EDITS = 8;
const CREATIONS = 3;
/** A creation in Business Central that a kill left open is settled by then. */
const SETTLED_MS = 30 * 60_000;
/** Before any run of the child is over. */
const LATEST_MS = 2_500;
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface Round {
	how: 'SIGTERM' | 'SIGTERM twice' | 'SIGKILL';
	code: number | null;
	told: Told[];
	/** The last line, which a kill may have cut. */
	wasReady: boolean;
}

function launch(company: Company, more: Partial<ChildSetting> = {}): Running {
	const setting: ChildSetting = { ...company.setting, aheadMs: 0, runs: 1_000, ...more };
	return start(process.execPath, ['--import', 'tsx', join(__dirname, 'syncChild.ts'), JSON.stringify(setting)], { env: process.env });
}

function linesOf(output: string): { told: Told[]; wasReady: boolean } {
	const lines = output.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
	const parsed = lines.map((line) => JSON.parse(line) as Partial<Told> & { ready?: boolean });
	return { wasReady: parsed.some(({ ready }) => ready === true), told: parsed.filter((line): line is Told => line.status !== undefined) };
}

async function strike(company: Company, random: Random): Promise<Round> {
	const how = random.pick(['SIGTERM', 'SIGTERM', 'SIGTERM twice', 'SIGKILL', 'SIGKILL'] as const);
	const after = random.between(0, LATEST_MS);
	const child = launch(company);
	while (!linesOf(child.output()).wasReady) {
		const ended = await Promise.race([child.ended.then(() => true), wait(20).then(() => false)]);
		if (ended) throw new Error(`The child ended while starting:\n${child.output()}`);
	}
	company.edit(EDITS, CREATIONS);
	await wait(after);
	if (how === 'SIGKILL') child.signal('SIGKILL');
	else child.signal('SIGTERM');
	if (how === 'SIGTERM twice') {
		await wait(random.between(0, 30));
		child.signal('SIGTERM');
	}
	const { code } = await child.ended;
	const output = child.output();
	if (code === 2) throw new Error(`The child failed:\n${output}`);
	return { how, code, ...linesOf(output) };
}

/** Processes that synchronize with real files and over real connections, and are ended at random moments. */
export async function checkChildren(checks: Checks): Promise<void> {
	const from = seed();
	checks.note(`seed ${from} (repeat with --seed ${from})`);
	const random = new Random(from);
	const company = await openCompany(CUSTOMERS);
	company.sandbox.latency = { roundTripMs: 15, perOperationMs: 4 };
	const rounds: Round[] = [];
	const leftAtTerm: string[] = [];
	try {
		await checks.must(
			`${ROUNDS} processes are ended at random moments, by SIGTERM, twice SIGTERM and SIGKILL, while people edit`,
			async () => {
				for (let round = 1; round <= ROUNDS; round++) {
					const done = await strike(company, random);
					rounds.push(done);
					if (done.how !== 'SIGTERM') continue;
					const left = lookInto(company.setting.stateFile);
					if (left.held.length + left.running > 0) leftAtTerm.push(`round ${round}: ${JSON.stringify(left)}`);
				}
			},
		);
		const of = (how: Round['how']) => rounds.filter((round) => round.how === how);
		const ends = rounds.flatMap(({ told }) => told.at(-1) ?? []);
		checks.note(
			`${of('SIGTERM').length} × SIGTERM, ${of('SIGTERM twice').length} × twice, ${of('SIGKILL').length} × SIGKILL; ` +
				`${ends.filter(({ status }) => status === 'stopped').length} runs stopped in the middle`,
		);

		await checks.that('Each process that was asked once ended by itself, with its run told as stopped and its lease given back', () => {
			deepEqual(leftAtTerm, []);
			deepEqual([...new Set(of('SIGTERM').map(({ code }) => code))], [0]);
			const stopped = of('SIGTERM').flatMap(({ told }) => told.filter(({ status }) => status === 'stopped'));
			ok(stopped.length > 0, 'No run was hit in the middle; use another seed.');
			for (const { message } of stopped) ok(message.startsWith('n8n was asked to end'), message);
		});

		await checks.that('A second signal ends the process at once, as without the package', () => {
			for (const { code } of of('SIGTERM twice')) ok(code === null || code === 0, String(code));
		});

		await checks.that('No run told of a failure because its process was to end', () => {
			const codes = of('SIGTERM').flatMap(({ told }) => told.flatMap((line) => line.codes));
			// What a kill before left open in Business Central is told until it is settled.
			const other = codes.filter((code) => code !== 'INSERT_UNSETTLED');
			deepEqual(other, []);
			deepEqual(
				of('SIGTERM').flatMap(({ told }) => told.filter(({ status }) => status === 'failed')),
				[],
			);
		});

		await checks.that('No process waited for the lease of one that was killed before it', () => {
			equal(rounds.flatMap(({ told }) => told).filter(({ status }) => status === 'alreadyRunning').length, 0);
		});

		await checks.that('In the end nothing is doubled, nothing is lost, and nothing is left over', async () => {
			company.sandbox.latency = { roundTripMs: 0, perOperationMs: 0 };
			for (const aheadMs of [0, SETTLED_MS, 2 * SETTLED_MS]) {
				company.sandbox.clock.skew.businessCentral = aheadMs;
				company.sandbox.clock.skew.crm = aheadMs;
				const { code } = await launch(company, { aheadMs, runs: 2 }).ended;
				equal(code, 0);
			}
			deepEqual(company.problems().slice(0, 10), []);
			deepEqual(lookInto(company.setting.stateFile), { held: [], running: 0, intents: 0, failures: [] });
		});
	} finally {
		await company.close();
	}
}
