import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';

interface Manifest {
	name: string;
	[field: string]: unknown;
}

/**
 * Installs a tarball the way n8n 2.41 installs a community package (community-packages.service.js, downloadPackage): unpack, drop the
 * development, peer and optional dependencies from the manifest, `npm install` inside the package with install scripts off.
 * n8n itself can only fetch from a registry, so an unpublished package cannot take that way.
 * @param userFolder N8N_USER_FOLDER
 * @returns the folder of the installed package
 */
export function installAsCommunityPackage(tarball: string, userFolder: string): string {
	const manifest = JSON.parse(run('tar', ['-xzOf', tarball, 'package/package.json'], '.')) as Manifest;
	const folder = join(userFolder, '.n8n', 'nodes', 'node_modules', manifest.name);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1'], '.');
	const { devDependencies: _d, peerDependencies: _p, optionalDependencies: _o, ...kept } = manifest;
	writeFileSync(join(folder, 'package.json'), JSON.stringify(kept, null, 2));
	const flags = [
		'--audit=false',
		'--fund=false',
		'--bin-links=false',
		'--install-strategy=shallow',
		'--ignore-scripts=true',
		'--package-lock=false',
	];
	run('npm', ['install', ...flags], folder);
	return folder;
}
