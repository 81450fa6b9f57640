import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool, types, type ClientBase } from 'pg';
import type { Backend } from '../backend';
import { migrateToLatest } from '../migrate';
import type { StoreTables } from '../schema';
import { SharedHandles } from '../sharedHandles';
import { explainPostgres, isConnectionLoss, isRepeatable, isUniqueViolation } from './postgresErrors';
import { DEFAULT_MAX_CONNECTIONS, DEFAULT_SCHEMA, DEFAULT_STATEMENT_TIMEOUT_MS, type PostgresSettings } from './postgresSettings';

const CONNECT_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 30_000;
/** A transaction of a process that vanished must not hold its locks for long. */
const IDLE_IN_TRANSACTION_MS = 60_000;
const INT8 = types.builtins.INT8;

const pools = new SharedHandles<Kysely<StoreTables>>((db) => db.destroy());

/** One pool per database and process: sessions share its connections. */
export async function openPostgresBackend(settings: PostgresSettings): Promise<Backend> {
	const explain = (error: unknown) => explainPostgres(settings, error);
	try {
		const { handle: db, release } = await pools.acquire(fingerprint(settings), () => open(settings));
		return {
			dialect: 'postgres',
			db: db.withSchema(settings.schema || DEFAULT_SCHEMA),
			scanSlice: Infinity,
			explain,
			isUniqueViolation,
			isRepeatable,
			isConnectionLoss,
			release,
		};
	} catch (error) {
		throw explain(error);
	}
}

async function open(settings: PostgresSettings): Promise<Kysely<StoreTables>> {
	const statementTimeout = settings.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
	const pool = new Pool({
		host: settings.host,
		port: settings.port,
		database: settings.database,
		user: settings.user,
		password: settings.password,
		ssl: settings.ssl ?? false,
		max: settings.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
		connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
		idleTimeoutMillis: IDLE_TIMEOUT_MS,
		keepAlive: true,
		application_name: 'n8n-nodes-dynamics365-sync',
		// The pool waits for it, and drops a connection for which it fails; its types speak of a plain function.
		// eslint-disable-next-line @typescript-eslint/no-misused-promises
		onConnect: (client) => prepare(client, statementTimeout),
		// Counters and milliseconds fit into a JavaScript number; the driver would give them as text.
		types: { getTypeParser: (oid, format) => (oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format)) },
	});
	// A connection that breaks while idle is dropped and replaced; without a listener Node would end the process.
	pool.on('error', () => undefined);
	const db = new Kysely<StoreTables>({ dialect: new PostgresDialect({ pool }) });
	try {
		await migrateToLatest(db, 'postgres', settings.schema || DEFAULT_SCHEMA);
		return db;
	} catch (error) {
		await db.destroy();
		throw error;
	}
}

/**
 * Each new connection, before anybody uses it. When this fails the pool drops the connection; a hook of Kysely's would leave it taken for good.
 */
async function prepare(client: ClientBase, statementTimeoutMs: number): Promise<void> {
	// The pool listens only to connections that are idle. One that breaks in the hands of a user tells that user by the failing statement, and
	// everybody by this event; without a listener Node would end the process, and n8n with it.
	client.on('error', () => undefined);
	// Set by statement and not in the start-up packet, which connection poolers such as PgBouncer refuse.
	await client.query(`select set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false)`, [
		String(statementTimeoutMs),
		String(IDLE_IN_TRANSACTION_MS),
	]);
}

/** Never the settings themselves as a key: they hold the password. */
const fingerprint = (settings: PostgresSettings): string => createHash('sha256').update(JSON.stringify(settings)).digest('hex');
