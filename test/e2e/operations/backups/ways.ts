import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import type { N8nProcess } from './n8nProcess';

/** A documented way to back up. */
export interface Way {
	name: string;
	/** The process must not run meanwhile. */
	stopped: boolean;
	take(from: { n8n: N8nProcess; state: string; target: string }): Promise<void>;
}

/** Other programs that use SQLite, in processes of their own. Node is always there. */
const programs: Record<string, { command: string; parameters: (state: string, target: string) => string[] }> = {
	'sqlite3 .backup': { command: 'sqlite3', parameters: (state, target) => [state, '.timeout 20000', `.backup ${target}`] },
	'sqlite3 vacuum into': { command: 'sqlite3', parameters: (state, target) => [state, '.timeout 20000', `vacuum into '${target}'`] },
	'Python backup': {
		command: 'python3',
		parameters: (state, target) => [
			'-c',
			'import sqlite3, sys\na = sqlite3.connect(sys.argv[1], timeout=20)\nb = sqlite3.connect(sys.argv[2])\na.backup(b, pages=5)\nb.close()\na.close()',
			state,
			target,
		],
	},
	'Node backup': {
		command: process.execPath,
		parameters: (state, target) => [
			'-e',
			`const { DatabaseSync, backup } = require('node:sqlite');
			const database = new DatabaseSync(process.argv[1], { timeout: 20000 });
			backup(database, process.argv[2]).then(() => database.close());`,
			state,
			target,
		],
	},
};

const isInstalled = (command: string): boolean => command === process.execPath || spawnSync(command, ['--version']).status === 0;

/** Those this machine has the programs for. */
export const documentedWays = (): Way[] => [
	{ name: 'Back Up State', stopped: false, take: async ({ n8n, target }) => void (await n8n.order({ kind: 'backup', target })) },
	{
		name: 'stop and copy',
		stopped: true,
		take: async ({ state, target }) => {
			copyFileSync(state, target);
			if (existsSync(`${state}-wal`)) copyFileSync(`${state}-wal`, `${target}-wal`);
		},
	},
	...Object.entries(programs)
		.filter(([, { command }]) => isInstalled(command))
		.map(([name, { command, parameters }]): Way => ({
			name,
			stopped: false,
			take: async ({ state, target }) => await run(command, parameters(state, target)),
		})),
];

async function run(command: string, parameters: readonly string[]): Promise<void> {
	const child = spawn(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
	let errors = '';
	child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
	const status = await new Promise((resolve) => child.once('close', resolve));
	if (status !== 0) throw new Error(`${command} ended with ${String(status)}: ${errors}`);
}
