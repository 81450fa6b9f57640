/**
 * Before `npm pack`: a fresh build, then the published manifest in place of the development one. npm itself sorts the files and gives all the same
 * time; with permissions of our own the same commit gives the same archive, byte for byte.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, readableForAll } from './compile.mjs';
import { main, readManifest, recover, swapIn } from './manifest.mjs';

/** Far longer than npm takes from here to postpack. */
const guardSeconds = 60;

await main(() => {
	recover();
	build(readManifest());
	swapIn();
	for (const file of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md']) if (existsSync(file)) readableForAll(file);
	// npm killed between here and postpack would leave a package.json without scripts, in which no later npm command could repair it.
	const guard = [fileURLToPath(new URL('./postpack.mjs', import.meta.url)), '--after', String(guardSeconds)];
	spawn(process.execPath, guard, { detached: true, stdio: 'ignore' }).unref();
});
