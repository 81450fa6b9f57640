import { spawnSync } from 'node:child_process';
import {
	copyFileSync,
	existsSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { Random } from '../../convergence/random';
import { CONNECTION, coupling, entry, job, ManualClock } from './samples';

/** Files that were damaged or put together wrongly while nothing had them open. Each process would find them so when it starts. */
let folder: string;
let file: string;
const opened: SyncStore[] = [];
const open = async (path = file): Promise<SyncStore> => {
	// Another spelling of the module is another process, as far as it is known which files were left whole.
	let opener = openSqliteStore;
	await jest.isolateModulesAsync(async () => {
		opener = jest.requireActual<{ openSqliteStore: typeof openSqliteStore }>('../../../engine/store/openStore').openSqliteStore;
	});
	const store = await opener({ file: path, connection: CONNECTION, clock: new ManualClock() });
	opened.push(store);
	return store;
};
const closeAll = async (): Promise<unknown> => await Promise.all(opened.splice(0).map((store) => store.close()));
const couplings = (from: number, count: number) => Array.from({ length: count }, (_, n) => coupling(from + n));
const COMPANIONS = ['-wal', '-shm'];

/** What a process that is killed leaves behind: the file and its log. */
async function leaveBehind(target: string, work: (store: SyncStore) => Promise<void>): Promise<void> {
	const store = await open();
	await work(store);
	for (const companion of ['', '-wal']) copyFileSync(`${file}${companion}`, `${target}${companion}`);
	await closeAll();
}

beforeEach(async () => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'sync-damage-')));
	file = join(folder, 'state.sqlite');
	const store = await open();
	await store.commit({ job: job('1'), couplings: couplings(0, 2_000), log: [entry('1')] });
	await closeAll();
	copyFileSync(file, join(folder, 'backup'));
});
afterEach(async () => {
	await closeAll();
	rmSync(folder, { recursive: true, force: true });
});

/** The remedy of the message: everything away, a backup in its place. */
async function restoring(): Promise<number> {
	for (const companion of ['', ...COMPANIONS]) rmSync(`${file}${companion}`, { force: true });
	copyFileSync(join(folder, 'backup'), file);
	const store = await open();
	await store.commit({ couplings: couplings(5_000, 1) });
	return await store.countCouplings('CUSTOMER');
}

const CORRUPT = { code: 'STORE_CORRUPT', errorClass: 'setup', system: 'store' };
const page = 4096;

const damages: Array<[string, () => void]> = [
	['cut off in the middle of a page', () => truncateSync(file, statSync(file).size - 1000)],
	['cut off after a page', () => truncateSync(file, Math.floor(statSync(file).size / page / 2) * page)],
	['cut off after its first page', () => truncateSync(file, page)],
	['cut off within its head', () => truncateSync(file, 50)],
	['emptied', () => truncateSync(file, 0)],
	['half copied, the rest full of zeros', () => overwrite(Math.floor(statSync(file).size / page / 2) * page, Buffer.alloc(20 * page))],
	['full of zeros', () => writeFileSync(file, Buffer.alloc(statSync(file).size))],
	['a page of zeros in it', () => overwrite(5 * page, Buffer.alloc(page))],
	['two pages exchanged', () => exchange(6, 9)],
	['a letter', () => writeFileSync(file, 'This is a letter, and by no means a database.'.repeat(500))],
];

function overwrite(at: number, bytes: Buffer): void {
	const content = readFileSync(file);
	bytes.copy(content, at);
	writeFileSync(file, content);
}
function exchange(one: number, other: number): void {
	const content = readFileSync(file);
	const kept = Buffer.from(content.subarray(one * page, (one + 1) * page));
	content.copy(content, one * page, other * page, (other + 1) * page);
	kept.copy(content, other * page);
	writeFileSync(file, content);
}

it.each(damages)('%s: work stops before anything is written, and a backup in its place is gone on with', async (_what, damage) => {
	damage();
	const before = readFileSync(file);
	await expect(open()).rejects.toMatchObject(CORRUPT);
	await expect(open()).rejects.toThrow(file);
	expect(readFileSync(file).equals(before)).toBe(true);
	expect(await restoring()).toBe(2_001);
});

it('emptied with its log beside it: the log stays for a rescue', async () => {
	const target = join(folder, 'killed.sqlite');
	await leaveBehind(target, (store) => store.commit({ couplings: couplings(2_000, 10) }));
	truncateSync(target, 0);
	const log = readFileSync(`${target}-wal`);
	await expect(open(target)).rejects.toMatchObject(CORRUPT);
	expect(readFileSync(`${target}-wal`).equals(log)).toBe(true);
});

it('the database of another program is left alone', async () => {
	const other = join(folder, 'other.sqlite');
	const database = new DatabaseSync(other);
	database.exec('create table settings (name text); insert into settings values (1)');
	database.close();
	const before = readFileSync(other);
	await expect(open(other)).rejects.toMatchObject({ code: 'STORE_FOREIGN', errorClass: 'setup' });
	expect(readFileSync(other).equals(before)).toBe(true);
});

describe('a log that was left beside a restored file', () => {
	const copies: Array<[string, (target: string) => void]> = [
		[
			'a copy by vacuum into',
			(target) => {
				const database = new DatabaseSync(file, { readOnly: true });
				database.exec(`vacuum into '${target}'`);
				database.close();
			},
		],
		['a copy of the file', (target) => copyFileSync(file, target)],
	];

	it.each(copies)('%s: never a mixture of both', async (_what, copy) => {
		const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e6));
		console.log(`logs left beside a restored file: SEED=${seed}`);
		const random = new Random(seed);
		for (let round = 0; round < 3; round++) {
			const [killed, backup] = [join(folder, `killed-${round}.sqlite`), join(folder, `backup-${round}`)];
			const count = await (await open()).countCouplings('CUSTOMER');
			await closeAll();
			copy(backup);
			// Life goes on, at times for several sessions, then the process is killed.
			for (let session = round; session > 0; session--) {
				await (await open()).commit({ couplings: couplings(10_000 + round * 1_000 + session * 100, random.between(1, 50)) });
				await closeAll();
			}
			let last = 0;
			await leaveBehind(killed, async (store) => {
				await store.commit({ couplings: couplings(20_000 + round * 100, random.between(1, 50)) });
				last = await store.countCouplings('CUSTOMER');
			});
			copyFileSync(backup, killed);
			const seen = await open(killed).then(
				async (store) => await store.countCouplings('CUSTOMER'),
				({ code }: { code: string }) => code,
			);
			await closeAll();
			// Where the log holds all that was done since the copy, the two make up the newest state.
			expect({ seed, round, seen: seen === last ? 'STORE_CORRUPT' : seen }).toEqual({ seed, round, seen: 'STORE_CORRUPT' });
			// The remedy of the message.
			if (seen !== 'STORE_CORRUPT') continue;
			for (const companion of COMPANIONS) rmSync(`${killed}${companion}`, { force: true });
			expect(await (await open(killed)).countCouplings('CUSTOMER')).toBe(count);
			await closeAll();
		}
	});

	it('of another database: work stops', async () => {
		const other = join(folder, 'other.sqlite');
		const store = await open(other);
		await store.commit({ job: job('1') });
		await closeAll();
		await leaveBehind(join(folder, 'killed.sqlite'), (killed) => killed.commit({ couplings: couplings(3_000, 10) }));
		copyFileSync(join(folder, 'killed.sqlite-wal'), `${other}-wal`);
		const before = readFileSync(other);
		await expect(open(other)).rejects.toMatchObject(CORRUPT);
		expect(readFileSync(other).equals(before)).toBe(true);
	});
});

it('what a killed process left is gone on with, log and all', async () => {
	const target = join(folder, 'killed.sqlite');
	await leaveBehind(target, async (store) => {
		await store.commit({ couplings: couplings(2_000, 500) });
		await store.commit({ couplings: couplings(3_000, 500) });
	});
	const store = await open(target);
	expect(await store.countCouplings('CUSTOMER')).toBe(3_000);
	await closeAll();
	expect(readdirSync(folder).filter((name) => name.startsWith('killed'))).toEqual(['killed.sqlite']);
});

it('what a process left that died while it moved its log into the file is gone on with', async () => {
	const target = join(folder, 'killed.sqlite');
	await leaveBehind(target, async (store) => {
		for (let n = 0; n < 4; n++) await store.commit({ couplings: couplings(2_000 + n * 500, 500) });
	});
	// SQLite copies page after page: the first one, which says how long the file is, comes first.
	const finished = readFileSync(file);
	const half = readFileSync(target);
	expect(half.length).toBeLessThan(finished.length);
	finished.copy(half, 0, 0, page);
	writeFileSync(target, half);
	const store = await open(target);
	expect(await store.countCouplings('CUSTOMER')).toBe(4_000);
	await store.commit({ couplings: couplings(9_000, 1) });
});

it('what a process left that died before it had switched a restored file to WAL is undone', async () => {
	const restored = join(folder, 'restored.sqlite');
	const database = new DatabaseSync(file, { readOnly: true });
	database.exec(`vacuum into '${restored}'`);
	database.close();
	const { signal } = spawnSync(process.execPath, [
		'-e',
		`const { DatabaseSync } = require('node:sqlite');
		const database = new DatabaseSync(process.argv[1]);
		database.exec("pragma cache_size = 1; begin; update coupling set bc_name = 'half'");
		process.kill(process.pid, 'SIGKILL');`,
		restored,
	]);
	expect(signal).toBe('SIGKILL');
	expect(statSync(`${restored}-journal`).size).toBeGreaterThan(0);
	const store = await open(restored);
	expect(await store.countCouplings('CUSTOMER')).toBe(2_000);
	const { rows } = await store.findCouplings({ mapping: 'CUSTOMER', limit: 5_000 });
	expect(rows.filter(({ bcName }) => bcName === 'half')).toEqual([]);
});

it('a file is looked through without stopping the thread', async () => {
	const store = await open();
	for (let n = 0; n < 5; n++) await store.commit({ couplings: couplings(10_000 + n * 2_000, 2_000) });
	await closeAll();
	let turns = 0;
	let done = false;
	const turning = (async () => {
		while (!done) await new Promise<void>((resolve) => setImmediate(() => resolve(void turns++)));
	})();
	await open();
	done = true;
	await turning;
	expect(turns).toBeGreaterThan(20);
	expect(existsSync(file)).toBe(true);
});
