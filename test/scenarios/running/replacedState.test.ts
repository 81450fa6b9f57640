import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncError } from '../../../engine/model/errors';
import { openSqliteStore } from '../../../engine/store/openStore';
import { runFullSync } from '../../../engine';
import { seedCustomers } from '../../kit/customers';
import { createWorld, type World } from '../../kit/world';

const CUSTOMERS = 60;
let folder: string;
let file: string;
let world: World;
let backup: string;

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'sync-replaced-'));
	file = join(folder, 'state.sqlite');
	backup = join(folder, 'backup');
	world = await createWorld({ store: (connection, clock) => openSqliteStore({ file, connection, clock }) });
	seedCustomers(world, CUSTOMERS);
	elsewhere(`vacuum into '${backup}'`);
});
afterEach(async () => {
	await world.close();
	rmSync(folder, { recursive: true, force: true });
});

/** What a database tool does, in a process of its own. */
const elsewhere = (statement: string): void =>
	void execFileSync(process.execPath, [
		'-e',
		`new (require('node:sqlite').DatabaseSync)(process.argv[1]).exec(process.argv[2])`,
		file,
		statement,
	]);

/** A full synchronization during which something happens to the file just before its n-th request; the error it ended with, and rows written after that request. */
async function disturbedAt(request: number, disturb: () => void): Promise<{ code: string; later: number }> {
	let sent = 0;
	let before = Infinity;
	const session = await world.open({
		transport: (transport) => async (asked) => {
			if (++sent === request) {
				disturb();
				before = world.sandbox.log.requests.length;
			}
			return await transport(asked);
		},
	});
	const results = await runFullSync(session, {
		afterwards: 'keep',
		pageSize: 20,
		mappings: ['SALESPEOPLE', 'CURRENCY', 'CUSTOMER'],
		ignoreDependencies: true,
	});
	await session.store.close();
	const ends = results.filter(({ job }) => job.status === 'failed').map(({ failed }) => failed[0]?.errorCode);
	const code = [...new Set(ends)].join();
	return { code, later: world.sandbox.log.requests.slice(before + 1).reduce((sum, { writes }) => sum + writes, 0) };
}

const disturbances: Array<[string, () => void, nextSession: string]> = [
	['deleted', () => rmSync(file), 'STORE_MISSING'],
	['moved away', () => renameSync(file, join(folder, 'moved')), 'STORE_MISSING'],
	['replaced by a backup', () => (copyFileSync(backup, join(folder, 'new')), renameSync(join(folder, 'new'), file)), 'opened'],
	['written over with a backup', () => copyFileSync(backup, file), 'opened'],
];

it.each(disturbances)('a state file that is %s during a run ends it before anything further is written', async (_what, disturb, next) => {
	for (const request of [2, 5, 8, 12]) {
		// The copy is older than what is in the file: one that is not would be seen by nobody, and harm nobody.
		const { store } = await world.open();
		await store.commit({});
		elsewhere('pragma wal_checkpoint(truncate)');
		await store.close();
		const { code, later } = await disturbedAt(request, disturb);
		expect({ request, code, later }).toEqual({ request, code: 'STORE_REPLACED', later: 0 });
		const session = await world.open().then(
			async ({ store }) => (await store.close(), 'opened'),
			({ code: refused }: SyncError) => refused,
		);
		expect(session).toBe(next);
		for (const part of ['', '-wal', '-shm']) rmSync(`${file}${part}`, { force: true });
		copyFileSync(backup, file);
	}
});
