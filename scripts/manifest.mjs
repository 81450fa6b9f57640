/**
 * The manifest exists twice. In the repository it carries scripts, development dependencies and overrides; n8n users get one without
 * them, because n8n runs `npm install` inside the unpacked package and its package checks refuse `overrides`.
 * `npm pack` can only pack the package.json it finds, so prepack swaps the short one in and postpack puts the long one back. The long
 * one waits in `.package.json.development`; as long as that file exists, a swap is under way or was cut short.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The project the scripts were called in: npm sets the working directory to the folder of package.json. */
export const root = resolve(process.cwd());

const manifestPath = join(root, 'package.json');
const backupPath = join(root, '.package.json.development');

const publishedFields = [
	'name',
	'version',
	'description',
	'license',
	'keywords',
	'homepage',
	'bugs',
	'author',
	'repository',
	'files',
	'main',
	'n8n',
	'dependencies',
	'peerDependencies',
];

/** What users of the package get. `engines` says what the compiled code needs (n8n 2.36 and later bring Node 24), not what the development tools need. */
export function publishedManifest(development) {
	const manifest = {};
	for (const field of publishedFields) if (development[field] !== undefined) manifest[field] = development[field];
	return { ...manifest, engines: { node: '>=24' } };
}

const textOf = (manifest) => JSON.stringify(manifest, null, 2) + '\n';

/** Written beside and renamed, so that a crash leaves the old file or the new one, never half of one. */
function replace(path, text) {
	const draft = `${path}.${process.pid}.draft`;
	writeFileSync(draft, text);
	renameSync(draft, path);
}

export function readManifest() {
	return JSON.parse(readFileSync(manifestPath, 'utf8'));
}

export function swapIn() {
	const development = readFileSync(manifestPath, 'utf8');
	replace(backupPath, development);
	replace(manifestPath, textOf(publishedManifest(JSON.parse(development))));
}

/**
 * Puts the development manifest back if a swap was left behind.
 * @returns true if there was something to restore
 * @throws when package.json was edited after the swap: then only a person knows which of the two is right
 */
export function restore() {
	if (!existsSync(backupPath)) return false;
	const development = readFileSync(backupPath, 'utf8');
	const present = existsSync(manifestPath) ? readFileSync(manifestPath, 'utf8') : '';
	if (present !== '' && present !== development && present !== textOf(publishedManifest(JSON.parse(development)))) {
		throw new Error(
			'package.json was changed while an interrupted "npm pack" still had the published manifest in its place. ' +
				'The development manifest is in .package.json.development: bring your change into that file, move it over package.json and repeat the command.',
		);
	}
	replace(manifestPath, development);
	rmSync(backupPath, { force: true });
	return true;
}

export const swapPending = () => existsSync(backupPath);

/** For the start of every script: a pack that was killed must not leave its traces in the next command. */
export function recover() {
	if (restore()) console.warn('An earlier "npm pack" was interrupted: package.json has been restored.');
}

/** Runs a script's work; a failure is one line to act on, not a stack of Node internals. */
export async function main(work) {
	try {
		await work();
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	}
}
