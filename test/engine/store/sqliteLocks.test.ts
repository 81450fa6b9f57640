import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../engine/store/openStore';
import type { SyncStore } from '../../../engine/ports/syncStore';
import { countByForeignClient, foreignClients } from './foreignClient';
import { CONNECTION, coupling, ManualClock } from './samples';

/** Sessions of one process and a foreign process on the same file: what backups and database tools do while n8n runs. */
let folder: string;
let file: string;
const opened: SyncStore[] = [];
const open = async (path = file): Promise<SyncStore> => {
	const store = await openSqliteStore({ file: path, connection: CONNECTION, clock: new ManualClock() });
	opened.push(store);
	return store;
};
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sync-locks-'));
	file = join(folder, 'state.sqlite');
});
afterEach(async () => {
	await Promise.all(opened.splice(0).map((store) => store.close()));
	rmSync(folder, { recursive: true, force: true });
});

const inodes = (): Record<string, number> =>
	Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).ino]));
/** The locks this process holds on the database file, as the kernel of Linux tells them. */
const heldLocks = (): string[] =>
	readFileSync('/proc/locks', 'utf8')
		.split('\n')
		.map((line) => line.trim().split(/\s+/))
		.filter((parts) => parts[4] === String(process.pid) && parts[5]?.endsWith(`:${statSync(file).ino}`))
		.map((parts) => parts.slice(1, 4).join(' '));

it.each(foreignClients)(
	'%s as a foreign process that opens and closes the file leaves the -wal and -shm of the running one, and no row is lost',
	async (client) => {
		const foreignClient = (path: string): number => countByForeignClient(client, path);
		const first = await open();
		await first.commit({ couplings: [coupling(1)] });
		const before = inodes();
		expect(Object.keys(before)).toEqual(['state.sqlite', 'state.sqlite-shm', 'state.sqlite-wal']);
		const second = await open();
		expect(foreignClient(file)).toBe(1);
		expect(inodes()).toEqual(before);
		await first.commit({ couplings: [coupling(2)] });
		await second.close();
		await (await open(join(folder, '.', 'state.sqlite'))).commit({ couplings: [coupling(3)] });
		expect(foreignClient(file)).toBe(3);
		expect(inodes()).toEqual(before);
		await Promise.all(opened.splice(0).map((store) => store.close()));
		expect(foreignClient(file)).toBe(3);
	},
);

it('a second session takes no lock away from the first', async () => {
	if (!existsSync('/proc/locks')) return;
	const first = await open();
	await first.commit({ couplings: [coupling(1)] });
	const before = heldLocks();
	expect(before).toContain('POSIX ADVISORY READ');
	const second = await open();
	expect(heldLocks()).toEqual(before);
	await second.close();
	expect(heldLocks()).toEqual(before);
});

it('looking through a file that another process has written takes no lock away either', async () => {
	const store = await open();
	await store.commit({ couplings: [coupling(1)] });
	const before = inodes();
	const locks = existsSync('/proc/locks') ? heldLocks() : [];
	for (let round = 0; round < 3; round++) {
		execFileSync(process.execPath, [
			'-e',
			`const database = new (require('node:sqlite').DatabaseSync)(process.argv[1]);
			database.exec("update coupling set bc_name = 'renamed'; pragma wal_checkpoint(truncate)");
			database.close();`,
			file,
		]);
		await store.commit({ couplings: [coupling(round + 2)] });
		if (existsSync('/proc/locks')) expect(heldLocks()).toEqual(locks);
		for (const client of foreignClients) expect(countByForeignClient(client, file)).toBe(round + 2);
		expect(inodes()).toEqual(before);
	}
});
