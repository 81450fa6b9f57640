import { Kysely } from 'kysely';
import type { Backend } from '../backend';
import { migrateToLatest } from '../migrate';
import type { StoreTables } from '../schema';
import { SharedHandles } from '../sharedHandles';
import { NodeSqliteDialect } from './dialect';
import { IN_MEMORY, makeOwnerOnly, openDatabaseFile } from './openFile';
import { explainSqlite, isUniqueViolation } from './sqliteErrors';

const handles = new SharedHandles<Kysely<StoreTables>>(closeWhenIdle);
let memoryStores = 0;

/** One handle per file and process, whatever path leads to the file; each `:memory:` is a store of its own. */
export async function openSqliteBackend(file: string): Promise<Backend> {
	const explain = (error: unknown) => explainSqlite(file, error);
	try {
		const path = file === IN_MEMORY ? file : makeOwnerOnly(file);
		const name = path === IN_MEMORY ? `${IN_MEMORY}${++memoryStores}` : path;
		const { handle: db, release } = await handles.acquire(name, () => open(path));
		return {
			dialect: 'sqlite',
			db,
			scanSlice: 2_000,
			explain,
			isUniqueViolation,
			isRepeatable: () => false,
			isConnectionLoss: () => false,
			isSilence: () => false,
			release,
		};
	} catch (error) {
		throw explain(error);
	}
}

async function open(file: string): Promise<Kysely<StoreTables>> {
	const db = new Kysely<StoreTables>({ dialect: new NodeSqliteDialect(await openDatabaseFile(file)) });
	try {
		await migrateToLatest(db, 'sqlite');
		return db;
	} catch (error) {
		await db.destroy();
		throw error;
	}
}

/** Waits until a transaction that is still going on has ended, so that closing never cuts one. */
async function closeWhenIdle(db: Kysely<StoreTables>): Promise<void> {
	await db.connection().execute(async () => undefined);
	await db.destroy();
}
