/**
 * Backups at random moments, restored at random moments, with a process that is killed: by every way that docs/state-store.md names, each
 * restored to a new place as it tells and gone on with. Counted is what is there twice and what is lost in both systems.
 *
 * `BACKUPS` (100) is how many, `SEED` repeats the choices of a run; when exactly a process dies differs from run to run. With
 * `AFTER_RESTORE=nothing` schedules go on after a restore without the step that the documentation tells.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createSandbox, defaultIdentities, tenantId } from '../../../sandbox';
import { Random } from '../../convergence/random';
import { seedBase } from '../../kit/baseData';
import type { Checks } from '../checks';
import { Bustle } from './backups/bustle';
import { Life } from './backups/life';
import { People } from './backups/people';
import { documentedWays, type Way } from './backups/ways';

/** Records before the first run. */
const SEEDED = 150;

interface Tally {
	restored: number;
	/** Records that the runs had created between these backups and their restores. */
	createdSince: number;
	doubled: number;
	lost: number;
	lostEdits: number;
	told: number;
}

export async function backups(checks: Checks): Promise<void> {
	const count = Number(process.env['BACKUPS'] ?? 100);
	const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
	const random = new Random(seed);
	const matching = process.env['AFTER_RESTORE'] !== 'nothing';
	checks.note(`${count} backups, SEED=${seed}, after each restore ${matching ? 'records are matched' : 'schedules just go on'}`);
	const folder = mkdtempSync(join(tmpdir(), 'sync-backups-'));
	const sandbox = createSandbox();
	sandbox.log.keepBodies = false;
	const base = seedBase(sandbox);
	const people = new People(sandbox, base, random);
	people.seed(SEEDED);
	const addresses = await sandbox.listen();
	const { companyId, companyName } = base;
	const application = { ...defaultIdentities[0]!.application!, tenantId };
	const life = new Life(sandbox, { addresses, companyId, companyName, application, stateFile: join(folder, 'state-0.sqlite') });
	const ways = documentedWays();
	const tallies = new Map<string, Tally>(
		ways.map(({ name }) => [name, { restored: 0, createdSince: 0, doubled: 0, lost: 0, lostEdits: 0, told: 0 }]),
	);
	let doubledBefore = 0;
	const faults: string[] = [];
	try {
		await life.start();
		await life.n8n.order({ kind: 'fullSync' });
		await checks.must('Both systems agree before the first backup', async () => {
			const verdict = people.verdict(await life.comeToRest());
			return verdict.doubled.length + verdict.lost.length + verdict.undelivered.length === 0;
		});
		for (let round = 1; round <= count; round++) {
			const way = ways[(round - 1) % ways.length]!;
			const tally = tallies.get(way.name)!;
			people.newRound();
			const target = join(folder, `backup-${round}`);
			const bustle = new Bustle(sandbox, people, random);
			await life.n8n.order({ kind: 'schedule' });
			await bustle.until(random.between(0, 3));
			await backUp(life, way, { target, bustle, random });
			const created = people.partners();
			await bustle.until(random.chance(0.2) ? 0 : random.between(1, 6));
			if (random.chance(0.3)) {
				await life.killAndStart();
				await life.n8n.order({ kind: 'schedule' });
				await bustle.until(random.between(0, 3));
			}
			tally.createdSince += people.partners() - created;
			await life.restore(target, join(folder, `state-${round}.sqlite`));
			if (matching) await life.n8n.order({ kind: 'afterRestore' });
			const verdict = people.verdict(await life.comeToRest());
			const { doubled, lost, undelivered, lostEdits } = verdict;
			tally.restored++;
			tally.doubled += doubled.length - doubledBefore;
			tally.lost += lost.length + undelivered.length;
			tally.lostEdits += lostEdits.length;
			tally.told += verdict.told;
			const trouble = [...doubled.slice(doubledBefore), ...lost, ...undelivered, ...lostEdits];
			if (trouble.length > 0) faults.push(`backup ${round} (${way.name}): ${trouble.slice(0, 5).join('; ')}`);
			doubledBefore = doubled.length;
			rmSync(target, { force: true });
			if (round % 10 === 0) checks.note(`${round} backups restored`);
		}
	} finally {
		await life.end();
		await sandbox.close();
		rmSync(folder, { recursive: true, force: true });
	}
	for (const [name, { restored, createdSince, doubled, lost, lostEdits, told }] of tallies) {
		checks.note(
			`${name}: ${restored} restored, ${createdSince} records created since; ${doubled} doubled, ${lost} records and ${lostEdits} edits lost, ${told} told to people`,
		);
		await checks.that(`${name}: nothing is there twice and nothing is lost`, () => {
			if (doubled + lost + lostEdits > 0) throw new Error(faults.filter((fault) => fault.includes(`(${name})`)).join('\n'));
		});
	}
	checks.note(`${life.kills} processes were killed`);
}

/** Takes a backup while people work; now and then the process is killed meanwhile, and what that left must not look like a backup. */
async function backUp(life: Life, way: Way, { target, bustle, random }: { target: string; bustle: Bustle; random: Random }): Promise<void> {
	const from = (): Parameters<Way['take']>[0] => ({ n8n: life.n8n, state: life.state, target });
	if (way.stopped) {
		await life.kill();
		await way.take(from());
		await life.start();
		await life.n8n.order({ kind: 'schedule' });
		return;
	}
	const taking = way.take(from()).then(
		() => true,
		() => false,
	);
	if (random.chance(0.25)) {
		await pause(random.between(0, 60));
		await life.killAndStart();
		await life.n8n.order({ kind: 'schedule' });
	} else await bustle.until(random.between(0, 2));
	if (await taking) return;
	if (way.name === 'Back Up State' && existsSync(target)) throw new Error('A backup that was cut off has the name of one.');
	rmSync(target, { force: true });
	await way.take(from());
}
