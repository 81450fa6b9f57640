import { chmodSync, closeSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { SyncError } from '../../errors';
import { isBusy } from './sqliteErrors';

export const IN_MEMORY = ':memory:';

/** Opens a database file that exists, or a new database in memory. */
export async function openDatabaseFile(file: string): Promise<DatabaseSync> {
	const { DatabaseSync: Database } = await loadDriver();
	const database = new Database(file, { enableForeignKeyConstraints: true, timeout: 20 });
	try {
		// Two processes that start together may find the file locked while the other one switches it to WAL.
		for (let attempt = 1; ; attempt++) {
			try {
				configure(database);
				return database;
			} catch (error) {
				if (!isBusy(error) || attempt === 200) throw error;
				await pause(50);
			}
		}
	} catch (error) {
		database.close();
		throw error;
	}
}

/**
 * WAL lets readers work while another process writes. `synchronous = full` makes a commit wait until the disk has it: an intent must
 * outlive a power cut that comes right after the insert it announces, and WAL with `normal` may lose the last commits then. It
 * costs one flush per page of records.
 */
function configure(database: DatabaseSync): void {
	database.exec('pragma journal_mode = wal');
	database.exec('pragma synchronous = full');
	database.exec('pragma journal_size_limit = 67108864');
	database.exec('pragma temp_store = memory');
	// Reads the first page, so that a damaged or foreign file is noticed here.
	database.exec('select count(*) from sqlite_master');
}

/**
 * Makes the file and its folder where they do not exist, both for their owner only, and answers the file's one true path. Also narrows
 * a file that was copied here with wider permissions. SQLite gives its -wal and -shm files the mode of the database.
 *
 * A file that is there is never opened: POSIX drops all locks a process holds on a file as soon as the process closes any descriptor
 * of it, also those of a database connection ("How To Corrupt An SQLite Database File", section 2.2). Other processes would then take
 * the database for unused and delete the -wal file that this one goes on writing to.
 */
export function makeOwnerOnly(file: string): string {
	const path = resolve(file);
	mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
	createWhenMissing(path);
	const { mode, uid } = statSync(path);
	if ((mode & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(path, 0o600);
	return realpathSync(path);
}

/** Nobody can have a file in use that this call has just made: its descriptor may be closed. */
function createWhenMissing(path: string): void {
	if (statSync(path, { throwIfNoEntry: false }) !== undefined) return;
	try {
		closeSync(openSync(path, 'ax', 0o600));
	} catch (error) {
		// Another process was quicker.
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	}
}

async function loadDriver(): Promise<typeof import('node:sqlite')> {
	try {
		return await import('node:sqlite');
	} catch (error) {
		throw new SyncError({
			code: 'STORE_NEEDS_NODE_24',
			errorClass: 'setup',
			system: 'store',
			message: `The embedded state store needs Node.js 24 or later; this is ${process.version}.`,
			hint: 'Update n8n (2.36 and later run on Node.js 24), or attach the credential "Sync Store (PostgreSQL)".',
			cause: error,
		});
	}
}
