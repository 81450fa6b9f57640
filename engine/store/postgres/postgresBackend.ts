import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, types } from 'pg';
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
		// Counters and milliseconds fit into a JavaScript number; the driver would give them as text.
		types: { getTypeParser: (oid, format) => (oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format)) },
	});
	// A connection that breaks while idle is dropped and replaced; without a listener Node would end the process.
	pool.on('error', () => undefined);
	const statementTimeout = settings.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
	const db = new Kysely<StoreTables>({
		dialect: new PostgresDialect({
			pool,
			// Set by statement and not in the start-up packet, which connection poolers such as PgBouncer refuse.
			onCreateConnection: async (connection) => {
				await connection.executeQuery(
					sql`select set_config('statement_timeout', ${String(statementTimeout)}, false),
						set_config('idle_in_transaction_session_timeout', ${String(IDLE_IN_TRANSACTION_MS)}, false)`.compile(db),
				);
			},
		}),
	});
	try {
		await migrateToLatest(db, 'postgres', settings.schema || DEFAULT_SCHEMA);
		return db;
	} catch (error) {
		await db.destroy();
		throw error;
	}
}

/** Never the settings themselves as a key: they hold the password. */
const fingerprint = (settings: PostgresSettings): string => createHash('sha256').update(JSON.stringify(settings)).digest('hex');
