import { sql, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { SyncError } from '../model/errors';
import type { DialectName } from './backend';
import { migrations } from './migrations';
import type { StoreTables } from './schema';

const MIGRATION_TABLE = 'migration';
const LOCK_TABLE = 'migration_lock';

/**
 * Brings the store to the shape this version knows. Processes that start at the same time wait for each other: PostgreSQL by the
 * advisory lock of Kysely's migrator, SQLite by its write lock (`begin immediate`, see sqlite/dialect.ts).
 *
 * @returns the names of the migrations that were carried out
 * @throws SyncError `STORE_NEWER` (setup) when a newer version of the package has already changed the store's shape.
 */
export async function migrateToLatest(db: Kysely<StoreTables>, dialect: DialectName, schema?: string): Promise<string[]> {
	const known = migrations(dialect);
	const applied = await appliedMigrations(db, dialect, schema);
	refuseNewer(applied, known);
	if (Object.keys(known).every((name) => applied.has(name))) return [];

	const migrator = new Migrator({
		db: schema === undefined ? db : db.withSchema(schema),
		provider: { getMigrations: async () => known },
		migrationTableName: MIGRATION_TABLE,
		migrationLockTableName: LOCK_TABLE,
		migrationTableSchema: schema,
	});
	const { error, results } = await migrator.migrateToLatest();
	if (error === undefined) return (results ?? []).map(({ migrationName }) => migrationName);
	// A newer process may have won the race between the look above and the migrator's own.
	refuseNewer(await appliedMigrations(db, dialect, schema), known);
	throw error;
}

async function appliedMigrations(db: Kysely<StoreTables>, dialect: DialectName, schema?: string): Promise<Set<string>> {
	const exists =
		dialect === 'sqlite'
			? sql`select 1 from sqlite_master where type = 'table' and name = ${MIGRATION_TABLE}`
			: sql`select 1 from information_schema.tables where table_schema = ${schema} and table_name = ${MIGRATION_TABLE}`;
	if ((await exists.execute(db)).rows.length === 0) return new Set();
	const table = schema === undefined ? sql.id(MIGRATION_TABLE) : sql.id(schema, MIGRATION_TABLE);
	const { rows } = await sql<{ name: string }>`select name from ${table}`.execute(db);
	return new Set(rows.map((row) => row.name));
}

function refuseNewer(applied: ReadonlySet<string>, known: Record<string, unknown>): void {
	const unknown = [...applied].filter((name) => !(name in known));
	if (unknown.length === 0) return;
	throw new SyncError({
		code: 'STORE_NEWER',
		errorClass: 'setup',
		system: 'store',
		message: `The state store was written by a newer version of this package (it holds "${unknown.sort().at(-1)}").`,
		hint: 'Update n8n-nodes-dynamics365-sync on every n8n instance that uses this store, or attach the store of this version.',
	});
}
