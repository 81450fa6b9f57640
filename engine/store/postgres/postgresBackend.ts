import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import { types, type Client } from 'pg';
import type { Backend } from '../backend';
import { migrateToLatest } from '../migrate';
import type { StoreTables } from '../schema';
import { SharedHandles } from '../sharedHandles';
import { commitOutcomes } from './commitOutcomes';
import { GuardedPool } from './guardedPool';
import { explainPostgres, isConnectionLoss, isRepeatable, isSilence, isUniqueViolation } from './postgresErrors';
import {
	DEFAULT_ANSWER_MARGIN_MS,
	DEFAULT_CONNECT_TIMEOUT_MS,
	DEFAULT_IDLE_IN_TRANSACTION_MS,
	DEFAULT_MAX_CONNECTIONS,
	DEFAULT_SCHEMA,
	DEFAULT_STATEMENT_TIMEOUT_MS,
	type PostgresSettings,
} from './postgresSettings';

const IDLE_TIMEOUT_MS = 30_000;
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
			isSilence,
			outcomes: commitOutcomes,
			release,
		};
	} catch (error) {
		throw explain(error);
	}
}

async function open(settings: PostgresSettings): Promise<Kysely<StoreTables>> {
	const statementTimeout = settings.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
	const pool = new GuardedPool({
		config: {
			host: settings.host,
			port: settings.port,
			database: settings.database,
			user: settings.user,
			password: settings.password,
			ssl: settings.ssl ?? false,
			max: settings.maxConnections ?? DEFAULT_MAX_CONNECTIONS,
			idleTimeoutMillis: IDLE_TIMEOUT_MS,
			application_name: 'n8n-nodes-dynamics365-sync',
			// Counters and milliseconds fit into a JavaScript number; the driver would give them as text.
			types: { getTypeParser: (oid, format) => (oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format)) },
		},
		prepare: (client) => prepare(client, statementTimeout, settings.idleInTransactionMs ?? DEFAULT_IDLE_IN_TRANSACTION_MS),
		answerMs: statementTimeout + (settings.answerMarginMs ?? DEFAULT_ANSWER_MARGIN_MS),
		patienceMs: settings.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
	});
	const db = new Kysely<StoreTables>({ dialect: new PostgresDialect({ pool }) });
	try {
		await bringUpToDate(db, settings.schema || DEFAULT_SCHEMA);
		return db;
	} catch (error) {
		await db.destroy();
		throw error;
	}
}

/** How often a start that met another one is tried again, and how long it waits before. */
const STARTS = 5;
const START_PAUSE_MS = 200;
/** "invalid_schema_name": PostgreSQL documentation, appendix A. */
const NO_SCHEMA = '3F000';

/** Of processes that start at the same moment, one may be told that the schema which another one is making is not there yet. */
async function bringUpToDate(db: Kysely<StoreTables>, schema: string): Promise<void> {
	for (let start = 1; ; start++) {
		try {
			await migrateToLatest(db, 'postgres', schema);
			return;
		} catch (error) {
			if (start === STARTS || (error as { code?: unknown } | null)?.code !== NO_SCHEMA) throw error;
			await pause(START_PAUSE_MS);
		}
	}
}

/**
 * Each new connection, before anybody uses it. By statement and not in the start-up packet, which connection poolers such as PgBouncer refuse; and not
 * by a hook of Kysely's, which would leave a connection taken for good when it fails.
 */
const prepare = (client: Client, statementTimeoutMs: number, idleInTransactionMs: number) =>
	client.query(`select set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false)`, [
		String(statementTimeoutMs),
		String(idleInTransactionMs),
	]);

/** Never the settings themselves as a key: they hold the password. */
const fingerprint = (settings: PostgresSettings): string => createHash('sha256').update(JSON.stringify(settings)).digest('hex');
