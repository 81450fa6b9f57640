import { execFileSync, spawn } from 'node:child_process';
import {
	chmodSync,
	copyFileSync,
	existsSync,
	linkSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../engine/store/openStore';
import { backUpStateFile } from '../../../engine/store/sqlite/backup';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { countByForeignClient } from './foreignClient';
import { CONNECTION, coupling, intent, ManualClock, NOON } from './samples';

let folder: string;
let file: string;
let target: string;
const opened: SyncStore[] = [];
const open = async (path = file, crmAddress = CONNECTION.crmAddress): Promise<SyncStore> => {
	const store = await openSqliteStore({ file: path, connection: { ...CONNECTION, crmAddress }, clock: new ManualClock() });
	opened.push(store);
	return store;
};
const closeAll = async (): Promise<unknown> => await Promise.all(opened.splice(0).map((store) => store.close()));
const backUp = (overwrite = false, to = target) => backUpStateFile(file, to, { overwrite, now: Date.parse(NOON) });
const couplings = (from: number, count: number) => Array.from({ length: count }, (_, n) => coupling(from + n));

beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'sync-backup-')));
	file = join(folder, 'state.sqlite');
	target = join(folder, 'backup.sqlite');
});
afterEach(async () => {
	await closeAll();
	chmodSync(folder, 0o700);
	rmSync(folder, { recursive: true, force: true });
});

describe('a backup', () => {
	it('is one whole file for its owner only, tells what is in it, and is a store', async () => {
		const store = await open();
		await store.commit({ couplings: couplings(0, 30) });
		await (await open(file, 'https://fabrikam.crm4.dynamics.com')).commit({ couplings: couplings(0, 3) });
		const backup = await backUp();
		expect(backup).toEqual({
			file: target,
			bytes: statSync(target).size,
			takenAt: NOON,
			couplings: 33,
			connections: 2,
			shape: expect.stringMatching(/^\d{4}_\w+$/) as string,
		});
		expect((statSync(target).mode & 0o777).toString(8)).toBe('600');
		expect(readdirSync(folder).sort()).toEqual(['backup.sqlite', 'state.sqlite', 'state.sqlite-shm', 'state.sqlite-wal']);
		await store.commit({ couplings: couplings(100, 1) });
		await closeAll();
		const restored = await open(target);
		expect(await restored.countCouplings('CUSTOMER')).toBe(30);
		await restored.commit({ couplings: couplings(100, 1) });
	});

	it('is what was there between two transactions, while runs write and other processes too', async () => {
		const store = await open();
		await store.commit({ couplings: couplings(0, 1) });
		let going = true;
		let commits = 1;
		const writing = (async () => {
			// Each transaction has a coupling and an intent: a backup with one and not the other is torn.
			for (; going && commits < 5_000; commits++)
				await store.commit({ couplings: couplings(commits, 1), intents: [intent(String(commits))] });
		})();
		const other = spawn(process.execPath, [
			'-e',
			`const { DatabaseSync } = require('node:sqlite');
			const database = new DatabaseSync(process.argv[1], { timeout: 5000 });
			setInterval(() => database.exec("update coupling set bc_name = bc_name || '.' where bc_number = 'N0'; pragma wal_checkpoint(passive)"), 5);`,
			file,
		]);
		try {
			for (let round = 0; round < 8; round++) {
				const before = commits;
				const backup = await backUp(false, join(folder, `backup-${round}.sqlite`));
				expect(backup.couplings).toBeGreaterThanOrEqual(before);
				expect(backup.couplings).toBeLessThanOrEqual(commits + 1);
				const copy = await openSqliteStore({ file: backup.file, connection: CONNECTION, clock: new ManualClock() });
				expect(await copy.intents('CUSTOMER', 'toCrm', 10_000)).toHaveLength(backup.couplings - 1);
				await copy.close();
			}
		} finally {
			going = false;
			await writing.finally(() => other.kill('SIGKILL'));
		}
		expect(await store.countCouplings('CUSTOMER')).toBe(commits);
		expect(countByForeignClient('node', file)).toBe(commits);
	});

	it('holds what a killed process left in its log', async () => {
		const store = await open();
		await store.commit({ couplings: couplings(0, 20) });
		for (const part of ['', '-wal']) copyFileSync(`${file}${part}`, `${join(folder, 'killed.sqlite')}${part}`);
		await closeAll();
		file = join(folder, 'killed.sqlite');
		expect(await backUp()).toMatchObject({ couplings: 20 });
	});

	it('is not made of a file that is missing, damaged or of another program, and leaves nothing behind', async () => {
		await expect(backUp()).rejects.toMatchObject({ code: 'BACKUP_NOTHING', errorClass: 'setup' });
		expect(readdirSync(folder)).toEqual([]);
		await (await open()).commit({ couplings: couplings(0, 500) });
		await closeAll();
		truncateSync(file, 8 * 4096);
		await expect(backUp()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
		expect(readdirSync(folder).filter((name) => name.startsWith('backup'))).toEqual([]);
	});
});

it('takes away what a backup left that was killed the day before, and nothing else', async () => {
	await (await open()).commit({});
	const names = [`new-${'0'.repeat(12)}`, `for-download-${crypto.randomUUID()}`, 'new-customers', 'before-update'];
	const days = (count: number): number => Date.parse(NOON) / 1000 - count * 86_400;
	for (const name of names) {
		for (const age of [0, 2]) {
			const path = `${file}${age}.${name}`.replace('sqlite0', 'sqlite').replace('sqlite2', 'sqlite.old');
			writeFileSync(path, '');
			utimesSync(path, days(age), days(age));
		}
	}
	await backUp();
	expect(readdirSync(folder).filter((name) => /^state.sqlite\.old/.test(name))).toEqual([
		'state.sqlite.old.before-update',
		'state.sqlite.old.new-customers',
	]);
	expect(readdirSync(folder).filter((name) => /^state.sqlite\.(new|for|before)/.test(name))).toHaveLength(4);
});

describe('a target', () => {
	beforeEach(async () => {
		await (await open()).commit({ couplings: couplings(0, 3) });
	});
	const REFUSED = { code: 'BACKUP_TARGET', errorClass: 'setup' };

	it('that is the state file, one of its companions, or another name of them, is refused whatever is asked', async () => {
		symlinkSync(file, join(folder, 'link'));
		linkSync(file, join(folder, 'hard-link'));
		const before = readdirSync(folder).sort();
		for (const to of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`, join(folder, 'link'), join(folder, 'hard-link')]) {
			for (const overwrite of [false, true]) await expect(backUp(overwrite, to)).rejects.toMatchObject(REFUSED);
		}
		expect(readdirSync(folder).sort()).toEqual(before);
		expect(await (await open()).countCouplings('CUSTOMER')).toBe(3);
	});

	it('that exists is replaced only when it is a backup and that is asked for', async () => {
		await backUp();
		const former = readFileSync(target);
		await (await open()).commit({ couplings: couplings(10, 4) });
		await expect(backUp()).rejects.toMatchObject(REFUSED);
		expect(readFileSync(target).equals(former)).toBe(true);
		expect(await backUp(true)).toMatchObject({ couplings: 7 });
		const letter = join(folder, 'letter.txt');
		writeFileSync(letter, 'Dear all');
		await expect(backUp(true, letter)).rejects.toThrow(/not a backup/);
		expect(readFileSync(letter, 'utf8')).toBe('Dear all');
		await expect(backUp(true, folder)).rejects.toMatchObject(REFUSED);
		for (const companion of ['-wal', '-shm', '-journal']) {
			writeFileSync(`${target}${companion}`, '');
			await expect(backUp(true)).rejects.toThrow(companion);
			rmSync(`${target}${companion}`);
		}
	});

	it('whose folder is missing or may not be written ends in an error that names it', async () => {
		await expect(backUp(false, join(folder, 'nowhere', 'backup.sqlite'))).rejects.toMatchObject({ code: 'BACKUP_FAILED' });
		await expect(backUp(false, '/proc/backup.sqlite')).rejects.toThrow('/proc/backup.sqlite');
		expect(existsSync(join(folder, 'nowhere'))).toBe(false);
	});

	it('on a full disk ends in an error, and leaves neither a file nor a harmed state', async () => {
		const small = join(folder, 'small');
		mkdirSync(small);
		try {
			execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small], { stdio: 'ignore' });
		} catch {
			// Only who may mount can have a small disk.
			return;
		}
		try {
			await expect(backUp(false, join(small, 'backup.sqlite'))).rejects.toMatchObject({ code: 'BACKUP_FAILED' });
			expect(readdirSync(small)).toEqual([]);
		} finally {
			execFileSync('umount', [small]);
		}
		expect(await (await open()).countCouplings('CUSTOMER')).toBe(3);
	});
});
