import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { loadDriver } from './driver';
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
