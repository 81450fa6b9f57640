import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './run';

export const projectRoot = resolve(__dirname, '..', '..');

/** What `npm pack` needs of the project. */
const parts = [
	'package.json',
	'tsconfig.json',
	'tsconfig.build.json',
	'.npmrc',
	'README.md',
	'LICENSE',
	'CHANGELOG.md',
	'scripts',
	'credentials',
	'nodes',
	'engine',
	'icons',
];

/** A copy of the project to pack in: packing swaps package.json, which must not happen under the feet of a running developer or test. */
export interface StagedProject {
	folder: string;
	dispose(): void;
}

export function stageProject(only: readonly string[] = parts): StagedProject {
	const folder = mkdtempSync(join(tmpdir(), 'dynamics365-sync-'));
	for (const part of only)
		if (existsSync(join(projectRoot, part))) cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
	symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'dir');
	return { folder, dispose: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Builds and packs; the answer is the tarball's path in `destination`.
 * @param disturb does to the copy what another machine might have done to it
 * @param umask of the commands, in octal, as a shell takes it
 */
export function packProject(destination: string, disturb: (folder: string) => void = () => undefined, umask = '022'): string {
	const staged = stageProject();
	try {
		mkdirSync(destination, { recursive: true });
		disturb(staged.folder);
		const output = run('sh', ['-c', `umask ${umask} && npm pack --json --pack-destination "$1"`, 'sh', destination], staged.folder);
		// The build may print before npm's own answer.
		const [packed] = JSON.parse(output.slice(output.indexOf('[\n'))) as Array<{ filename: string }>;
		if (packed === undefined) throw new Error('npm pack named no tarball.');
		return join(destination, packed.filename);
	} finally {
		staged.dispose();
	}
}
