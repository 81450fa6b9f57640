import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rememberWhole } from '../../engine/store/sqlite/remembered';
import { openSqliteBackend } from '../../engine/store/sqlite/sqliteBackend';

const MEMORY = '/dev/shm';
/** Of a smaller one the system may need all there is. */
const ROOM_BYTES = 2 ** 30;

let place: string | undefined;
let pattern: Promise<Buffer> | undefined;

/** A new folder for a store, in memory where the system has a roomy place for that: what is tested is not the disk. */
export function storeFolder(): string {
	place ??= existsSync(MEMORY) && roomOf(MEMORY) >= ROOM_BYTES ? MEMORY : tmpdir();
	return mkdtempSync(join(place, 'd365-sync-'));
}

function roomOf(folder: string): number {
	const { bavail, bsize } = statfsSync(folder);
	return bavail * bsize;
}

/**
 * Puts a state file that has its tables, and nothing in them, not even an id of its own: what opening a new one makes, without making the tables
 * once more for each world. Opening it does the rest.
 */
export async function placeEmptyStore(file: string): Promise<void> {
	writeFileSync(file, await (pattern ??= makeEmptyStore()), { mode: 0o600, flag: 'wx' });
	rememberWhole(file);
}

async function makeEmptyStore(): Promise<Buffer> {
	const folder = storeFolder();
	try {
		const file = join(folder, 'state.sqlite');
		await (await openSqliteBackend(file)).release();
		return readFileSync(file);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
