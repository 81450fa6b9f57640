import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './manifest.mjs';

/** Folders whose assets are published; tests, sandbox and scripts are not among them. */
const sources = ['credentials', 'nodes', 'engine', 'icons'];

/** `X.node.json` is a node's codex entry; `__schema__` holds output previews. Other JSON is imported by the code and comes out of the compiler. */
const isAsset = (path) =>
	/\.(svg|png)$/.test(path) || path.endsWith('.node.json') || (path.includes('__schema__') && path.endsWith('.json'));

/** npm packs permissions as they are, and those depend on who cloned and built: the archive must not. */
export const readableForAll = (file) => chmodSync(join(root, file), 0o644);

function filesUnder(folder) {
	if (!existsSync(join(root, folder))) return [];
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

/**
 * Builds dist/ from scratch.
 * @throws when the compiler reports errors, or when a node or credential of the manifest's `n8n` section was not built
 */
export function build(manifest) {
	const dist = join(root, 'dist');
	rmSync(dist, { recursive: true, force: true });
	const tsc = join(dirname(createRequire(join(root, 'package.json')).resolve('typescript/package.json')), 'bin', 'tsc');
	const compiled = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
	if (compiled.status !== 0) throw new Error('The build failed: see the compiler messages above.');
	for (const file of sources.flatMap(filesUnder).filter(isAsset)) cpSync(join(root, file), join(dist, file));
	const missing = [...manifest.n8n.nodes, ...manifest.n8n.credentials].filter((file) => !existsSync(join(root, file)));
	if (missing.length > 0) throw new Error(`package.json lists files that the build did not make: ${missing.join(', ')}`);
	const tests = readdirSync(dist, { recursive: true }).filter((file) => /\.test\.js$/.test(file));
	if (tests.length > 0) throw new Error(`Tests must not be published: ${tests.join(', ')}`);
	for (const file of filesUnder('dist')) readableForAll(file);
}
