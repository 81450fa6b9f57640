import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run';
import { projectRoot } from './stagedProject';

const text = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const manifest = JSON.parse(text('package.json')) as { engines: { node: string }; devDependencies: Record<string, string> };

/** Of the lowest Node.js that a range such as `>=24` lets in. */
const least = (range: string): string => /^>=([\d.]+)$/.exec(range)?.[1] ?? `no lowest version in ${range}`;

describe('which Node.js is needed', () => {
	const published = JSON.parse(
		run(
			process.execPath,
			[
				'--input-type=module',
				'-e',
				"import { publishedManifest, readManifest } from './scripts/manifest.mjs'; console.log(JSON.stringify(publishedManifest(readManifest())));",
			],
			projectRoot,
		),
	) as { engines: { node: string } };

	it('by the package: what the oldest n8n that it is for needs, as README and the page of versions say', () => {
		const node = least(published.engines.node);
		expect(text('README.md')).toContain(`n8n 2.36 or newer**, which runs on Node.js ${node}`);
		expect(text('docs/n8n-versions.md')).toMatch(new RegExp(`n8n 2\\.36 .*Node\\.js ${node}`));
	});

	it('by the scripts: one that npm runs on; they bring the one of the package themselves', () => {
		const developing = text('docs/developing.md');
		expect(developing).toContain(`${least(manifest.engines.node)} or newer for npm itself`);
		expect(developing).toContain(`Node.js ${least(published.engines.node)} included`);
		expect(manifest.devDependencies['node']).toMatch(new RegExp(`^${least(published.engines.node)}\\.`));
		expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(Number(least(published.engines.node)));
	});

	it('the tests run on the next one, too, and the page of versions names it', () => {
		const next = /nextMajor = (\d+)/.exec(text('scripts/nextNode.mjs'))?.[1];
		expect(text('docs/n8n-versions.md')).toContain(`Node.js ${next}`);
		expect(text('.ci/run')).toContain('npm run --silent test:next-node');
	});
});
