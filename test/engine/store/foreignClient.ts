import { spawnSync } from 'node:child_process';

/**
 * Other programs on the same file, each in a process of its own: open it, read, and close again, as `sqlite3 FILE ".backup …"` and database
 * tools do. SQLite since 3.51 (Node's own) sees through locks that were lost and leaves the -wal file alone; the versions that systems
 * come with (sqlite3, Python) do not, so they are asked too where they are installed.
 */
const clients: Record<string, (file: string) => [command: string, ...parameters: string[]]> = {
	node: (file) => [process.execPath, '-e', nodeCode, file],
	sqlite3: (file) => ['sqlite3', file, SELECT],
	python3: (file) => ['python3', '-c', pythonCode, file],
};

const SELECT = 'select count(*) from coupling';
const nodeCode = `
	const { DatabaseSync } = require('node:sqlite');
	const database = new DatabaseSync(process.argv[1]);
	console.log(Object.values(database.prepare('${SELECT}').get())[0]);
	database.close();`;
const pythonCode = `
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
print(database.execute('${SELECT}').fetchone()[0])
database.close()`;

const call = ([command, ...parameters]: [string, ...string[]]) => spawnSync(command, parameters, { encoding: 'utf8' });

/** Those of this machine; Node always is. */
export const foreignClients: readonly string[] = Object.keys(clients).filter(
	(name) => name === 'node' || call([name, '--version']).status === 0,
);

/** How many couplings the client sees in the file. */
export function countByForeignClient(name: string, file: string): number {
	const { stdout, stderr, status } = call(clients[name]!(file));
	if (status !== 0) throw new Error(stderr);
	return Number(stdout);
}
