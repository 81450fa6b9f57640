import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** A whole n8n has its own manifest: 2.8 GB that only these runs need. */
export const hostFolder = resolve(__dirname, '..', 'host');

const versionOf = (folder: string): string | undefined => {
	const manifest = join(folder, 'package.json');
	if (!existsSync(manifest)) return undefined;
	return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
};

export const wantedN8n = (): string =>
	(JSON.parse(readFileSync(join(hostFolder, 'package.json'), 'utf8')) as { dependencies: { n8n: string } }).dependencies.n8n;

/**
 * Makes sure that the n8n of the manifest is there. Install scripts stay off: they would compile SQLite and fetch from GitHub; with
 * PostgreSQL as its database n8n needs none of them.
 * @returns true if it had to be installed (about three minutes)
 * @throws with npm's own words
 */
export async function installN8n(): Promise<boolean> {
	const installed = join(hostFolder, 'node_modules');
	// npm writes its own record of the tree last, so an interrupted installation is not taken for a whole one.
	if (versionOf(join(installed, 'n8n')) === wantedN8n() && existsSync(join(installed, '.package-lock.json'))) return false;
	// Not `npm ci`: it refuses the lock where the registry lacks other platforms' optional packages. What npm makes of the lock on this machine is put back.
	const lock = join(hostFolder, 'package-lock.json');
	const committed = readFileSync(lock);
	const npm = spawn('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: hostFolder,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const code = await new Promise<number | null>((done, failed) => npm.on('error', failed).on('close', done));
	writeFileSync(lock, committed);
	if (code !== 0)
		throw new Error(`Installing n8n ${wantedN8n()} in test/e2e/host failed (npm ended with ${code}):\n${output.slice(-4000)}`);
	return true;
}
