/**
 * `npm run test:next-node`: a part of the tests on the Node.js after the one the scripts bring, which n8n will move to one day. It is installed from npm
 * into .sync/, as the development dependency `node` is into node_modules; where it cannot be had, the reason is told and nothing fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, root } from './manifest.mjs';

export const nextMajor = 26;

/** What would notice a change of Node.js first (text and numbers, the embedded store, HTTP, crypto), and whole runs: about a minute. */
const tests = [
	'test/engine/mapping',
	'test/engine/systems',
	'test/engine/store/sqliteFile.test.ts',
	'test/engine/store/sqliteLocks.test.ts',
	'test/nodes/clientCertificate.test.ts',
	'test/scenarios/badWeather.test.ts',
	'test/scenarios/bothSidesEdited.test.ts',
];

/** @returns the program, or the reason why there is none */
function install(folder) {
	const program = join(folder, 'node_modules', 'node', 'bin', 'node');
	if (!existsSync(program)) {
		mkdirSync(folder, { recursive: true });
		writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: { node: `${nextMajor}` } }));
		const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock', '--fetch-retries=1', '--loglevel=error'], {
			cwd: folder,
			encoding: 'utf8',
			timeout: 120_000,
		});
		if (npm.status !== 0) {
			const reason =
				npm.error?.message ?? npm.stderr.split('\n').find((line) => line.trim() !== '') ?? `npm ended with ${npm.status ?? npm.signal}`;
			return { reason: `npm has no Node.js ${nextMajor} for this machine: ${reason}` };
		}
	}
	const version = spawnSync(program, ['--version'], { encoding: 'utf8' });
	if (version.status !== 0 || !version.stdout.startsWith(`v${nextMajor}.`)) {
		return {
			reason: `Node.js ${nextMajor} was installed, but does not start on this machine: ${version.error?.message ?? version.stderr.trim()}`,
		};
	}
	return { program, version: version.stdout.trim() };
}

await main(() => {
	const { program, version, reason } = install(join(root, '.sync', `node-${nextMajor}`));
	if (program === undefined) {
		console.log(`Skipped. ${reason}`);
		return;
	}
	console.log(`Tests on Node.js ${version}`);
	const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
	const { status } = spawnSync(program, [jest, ...tests, '--ci', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
	if (status !== 0) process.exitCode = 1;
});
