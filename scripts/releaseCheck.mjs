/**
 * `node scripts/releaseCheck.mjs v1.2.3`: whether this commit may be released under the tag. Ends with 1 and says what is missing otherwise.
 * Only what a release of another version, or of an unfinished state, would show; tests are a step of their own.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, readManifest, root, swapPending } from './manifest.mjs';

/** @returns what stands against the release, one sentence each */
export function againstRelease(tag, manifest, changelog) {
	const found = [];
	if (tag !== `v${manifest.version}`)
		found.push(`The tag is ${tag}, and package.json says ${manifest.version}: the tag must be v${manifest.version}.`);
	const titles = [...changelog.matchAll(/^## (.*)$/gm)].map(([, title]) => title.trim());
	if (!titles.some((title) => title.replace(/[[\]]/g, '').split(/[\s(]/)[0] === manifest.version)) {
		found.push(`CHANGELOG.md has no section "## ${manifest.version}".`);
	}
	return found;
}

if (process.argv[1]?.endsWith('releaseCheck.mjs')) {
	await main(() => {
		if (swapPending()) throw new Error('package.json is that of an interrupted "npm pack": run node scripts/postpack.mjs.');
		const found = againstRelease(process.argv[2] ?? '', readManifest(), readFileSync(join(root, 'CHANGELOG.md'), 'utf8'));
		if (found.length > 0) throw new Error(found.join('\n'));
	});
}
