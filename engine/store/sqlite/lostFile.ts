import { renameSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { stampOf } from './fileStamp';
import type { FileWatch } from './fileWatch';
import { openInOtherThread } from './otherThread';

/** Closes a database that is no longer what it was, so that what is found at its place is what was put there, and nothing is lost without need. */
export async function leaveLost(database: DatabaseSync, watch: FileWatch, close: () => Promise<void>): Promise<void> {
	// Looked at before closing: SQLite itself deletes them where it can.
	const own = { log: watch.owns('-wal'), index: watch.owns('-shm') };
	switch (watch.loss) {
		case 'replaced':
			// What was committed belongs into the file that is still open, wherever that is now: one that was moved away is complete.
			if (own.log && own.index) moveLogIntoFile(database);
			await close();
			return clearAway(watch.path, own);
		case 'older':
			await closeWithoutLog(watch.path, close);
			return clearAway(watch.path, own);
		case 'damaged':
			// All stays as it is, for whoever wants to rescue something.
			return await closeWithoutLog(watch.path, close);
		default:
			// SQLite moves its log into the file as it closes, also one that nobody else can see any more.
			await close();
	}
}

function moveLogIntoFile(database: DatabaseSync): void {
	try {
		database.exec('pragma wal_checkpoint(truncate)');
	} catch {
		// A full disk, or another process in between: the log is set aside with what is in it.
	}
}

/** The last connection to close writes the log into the file; it does not while another one is open, and one that only reads never does. */
async function closeWithoutLog(path: string, close: () => Promise<void>): Promise<void> {
	const reader = await openInOtherThread(path);
	try {
		await reader.rows('select count(*) from sqlite_master').catch(() => undefined);
		await close();
	} finally {
		await reader.close();
	}
}

/** The log of the former file must not be laid over the new one by whoever opens it next. */
function clearAway(path: string, own: { log: boolean; index: boolean }): void {
	if (own.index) rmSync(`${path}-shm`, { force: true });
	const log = own.log ? stampOf(`${path}-wal`) : undefined;
	if (log?.size === 0n) rmSync(`${path}-wal`, { force: true });
	else if (log) renameSync(`${path}-wal`, `${path}-wal.of-replaced-file-${Date.now()}`);
}
