import type { Clock } from '../ports/clock';
import type { Backend } from './backend';
import type { ConnectionIdentity } from './connectionIdentity';
import { registerConnection } from './connections/register';
import { KyselyStore } from './kyselyStore';
import { openPostgresBackend } from './postgres/postgresBackend';
import { DEFAULT_SCHEMA, type PostgresSettings } from './postgres/postgresSettings';
import { openSqliteBackend } from './sqlite/sqliteBackend';
import type { SyncStore } from '../ports/syncStore';
import { identifyStore } from './storeIdentity';
import type { StoreIdentity } from '../model/storeIdentity';

export type { ConnectionIdentity } from './connectionIdentity';
export type { PostgresSettings } from './postgres/postgresSettings';

/**
 * Opens the embedded store, making file, folder and tables where they do not exist. Sessions of one process share one handle per file;
 * each must `close()` its store.
 *
 * @param options.file path of the database file, or `:memory:` for a store that lives as long as this one session
 * @throws SyncError of system `store`: `STORE_NOT_WRITABLE`, `STORE_READ_ONLY`, `STORE_DISK_FULL`, `STORE_CORRUPT`, `STORE_FOREIGN`,
 * `STORE_MISSING`, `STORE_NEWER` (setup), `STORE_LOCKED` (transient). Later, from any call: `STORE_REPLACED` (setup) when the file is no
 * longer the one that was opened.
 */
export async function openSqliteStore(options: {
	file: string | ':memory:';
	connection: ConnectionIdentity;
	clock: Clock;
}): Promise<SyncStore> {
	const place = { kind: 'embedded' as const, place: options.file };
	return await openStore(await openSqliteBackend(options.file), place, options.connection, options.clock);
}

/**
 * Opens the store that several n8n processes share, making schema and tables where they do not exist. Sessions of one process share one
 * pool per settings; each must `close()` its store.
 *
 * @throws SyncError of system `store`: `STORE_UNREACHABLE`, `STORE_NO_CONNECTION`, `STORE_TIMEOUT`, `STORE_LOCKED` (transient), `STORE_SIGN_IN`,
 * `STORE_NO_DATABASE`, `STORE_PRIVILEGE`, `STORE_TLS`, `STORE_READ_ONLY`, `STORE_DISK_FULL`, `STORE_NEWER` (setup)
 */
export async function openPostgresStore(options: PostgresSettings & { connection: ConnectionIdentity; clock: Clock }): Promise<SyncStore> {
	const { connection, clock, ...settings } = options;
	return await openStore(await openPostgresBackend(settings), { kind: 'postgres', place: placeOf(settings) }, connection, clock);
}

const placeOf = ({ host, port, database, schema }: PostgresSettings): string =>
	`database ${database} on ${host}:${port}, schema ${schema || DEFAULT_SCHEMA}`;

async function openStore(
	backend: Backend,
	place: Pick<StoreIdentity, 'kind' | 'place'>,
	connection: ConnectionIdentity,
	clock: Clock,
): Promise<SyncStore> {
	try {
		const store = await identifyStore(backend.db, clock);
		const opened = await registerConnection(backend.db, backend.dialect, connection, clock);
		return new KyselyStore(backend, opened, clock, { ...place, ...store });
	} catch (error) {
		await backend.release();
		throw backend.explain(error);
	}
}
