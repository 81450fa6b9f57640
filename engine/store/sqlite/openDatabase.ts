import { Kysely } from 'kysely';
import type { DatabaseSync } from 'node:sqlite';
import { migrateToLatest } from '../migrate';
import { SHRINKING } from '../migrations';
import type { StoreTables } from '../schema';
import { NodeSqliteDialect } from './dialect';
import { loadDriver } from './driver';
import { isUntouched, stampOf } from './fileStamp';
import { FileWatch } from './fileWatch';
import { inspect } from './inspection';
import { LINEAGE_QUERY, lineageOf, type Lineage } from './lineage';
import { leaveLost } from './lostFile';
import { openDatabaseFile } from './openFile';
import { isKnownWhole, rememberWhole } from './remembered';
import { isWorthShrinking, shrink } from './shrink';

/** A database that is open in this process. */
export interface OpenDatabase {
	db: Kysely<StoreTables>;
	/** Null for a database in memory. */
	watch: FileWatch | null;
	database: DatabaseSync;
}

/**
 * Opens a database file that exists and brings its tables up to date. A file that this process does not know is looked through before
 * anything is written to it.
 *
 * @param onLost called when the file turns out to be no longer the one at its place
 */
export async function openDatabase(path: string, onLost: () => void): Promise<OpenDatabase> {
	const { migrations, ...open } = await openAndMigrate(path, onLost);
	if (!migrations.some((name) => SHRINKING.has(name)) || !isWorthShrinking(open.database)) return open;
	await closeDatabase(open);
	await shrink(path);
	const { migrations: _, ...again } = await openAndMigrate(path, onLost);
	return again;
}

async function openAndMigrate(path: string, onLost: () => void): Promise<OpenDatabase & { migrations: readonly string[] }> {
	await rollBackJournal(path);
	const before = stampOf(path);
	const inspection = isKnownWhole(path) ? undefined : await inspect(path);
	try {
		const untouched = isUntouched(before, stampOf(path));
		const database = await openDatabaseFile(path);
		const lineage = inspection?.lineage ?? settledLineage(database);
		const watch = new FileWatch(path, { stamp: untouched ? stampOf(path) : before, lineage }, onLost);
		return await migrated({ database, watch, db: new Kysely({ dialect: new NodeSqliteDialect(database, watch) }) });
	} finally {
		await inspection?.close();
	}
}

/**
 * Undoes what a process had begun that died before it switched the file to WAL, as the first one after a restore does. A connection that only
 * reads refuses a file with such a journal.
 */
async function rollBackJournal(path: string): Promise<void> {
	if (!stampOf(`${path}-journal`)?.size) return;
	const { DatabaseSync: Database } = await loadDriver();
	const database = new Database(path, { timeout: 5_000 });
	try {
		database.prepare('select count(*) from sqlite_master').get();
	} finally {
		database.close();
	}
}

/** Of a file that has no log. */
function settledLineage(database: DatabaseSync): Lineage {
	const lineage = lineageOf(database.prepare(LINEAGE_QUERY).get());
	return { ...lineage, settled: lineage.generation };
}

/** A new database in memory. */
export async function openInMemory(): Promise<OpenDatabase> {
	const database = await openDatabaseFile(':memory:');
	const { migrations: _, ...open } = await migrated({
		database,
		watch: null,
		db: new Kysely({ dialect: new NodeSqliteDialect(database) }),
	});
	return open;
}

async function migrated(open: OpenDatabase): Promise<OpenDatabase & { migrations: readonly string[] }> {
	try {
		return { ...open, migrations: await migrateToLatest(open.db, 'sqlite') };
	} catch (error) {
		await closeDatabase(open);
		throw error;
	}
}

/** Waits until a transaction that is still going on has ended, so that closing never cuts one. */
export async function closeDatabase({ db, watch, database }: OpenDatabase): Promise<void> {
	await db.connection().execute(async () => undefined);
	if (watch?.lost) return await leaveLost(database, watch, () => db.destroy());
	const trusted = watch?.isTrusted() === true;
	await db.destroy();
	if (trusted) rememberWhole(watch.path);
}
