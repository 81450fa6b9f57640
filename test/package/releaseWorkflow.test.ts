import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { run } from './run';
import { projectRoot } from './stagedProject';

interface Step {
	name?: string;
	uses?: string;
	run?: string;
	with?: Record<string, unknown>;
}

interface Job {
	needs?: string | string[];
	permissions?: Record<string, string>;
	steps: Step[];
	'timeout-minutes'?: number;
}

interface Workflow {
	on: { push?: { tags?: string[]; branches?: string[] } };
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const folder = join(projectRoot, '.github', 'workflows');
const read = (file: string): { errors: unknown[]; workflow: Workflow } => {
	// YAML 1.2, as GitHub reads it: `on` is a word there and no truth value. Keys that stand twice are errors.
	const document = parseDocument(readFileSync(join(folder, file), 'utf8'), { version: '1.2', uniqueKeys: true });
	return { errors: [...document.errors, ...document.warnings], workflow: document.toJS() as Workflow };
};
const commands = ({ steps }: Job): string[] => steps.flatMap(({ run: command }) => command ?? []);
const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
	scripts: Record<string, string>;
	version: string;
};

describe.each(readdirSync(folder))('the workflow %s', (file) => {
	const { errors, workflow } = read(file);

	it('is YAML without errors', () => expect(errors).toEqual([]));

	it('may only read, unless a job says otherwise, and each job ends by itself', () => {
		expect(workflow.permissions).toEqual({ contents: 'read' });
		for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
	});

	it('calls scripts that there are', () => {
		const called = Object.values(workflow.jobs).flatMap((job) =>
			commands(job).flatMap((command) => [...command.matchAll(/npm (?:run )?(test\b|(?<=run )[\w:-]+)/g)].map(([, name]) => name!)),
		);
		expect(called.length).toBeGreaterThan(3);
		for (const name of called) expect(Object.keys(manifest.scripts)).toContain(name);
		for (const [, script] of Object.values(workflow.jobs).flatMap((job) =>
			commands(job).flatMap((command) => [...command.matchAll(/node (scripts\/\S+)/g)]),
		)) {
			expect(readFileSync(join(projectRoot, script!), 'utf8')).not.toBe('');
		}
	});

	it('uses only actions of GitHub itself, of a named version, that leave no token behind', () => {
		for (const { uses, with: settings } of Object.values(workflow.jobs).flatMap(({ steps }) => steps)) {
			if (uses === undefined) continue;
			expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/);
			if (uses.startsWith('actions/checkout@')) expect(settings).toMatchObject({ 'persist-credentials': false });
		}
	});
});

describe('the release', () => {
	const { workflow } = read('release.yml');
	const { test, publish } = workflow.jobs as { test: Job; publish: Job };

	it('starts with a tag of a version, and with nothing else', () => {
		expect(workflow.on).toEqual({ push: { tags: ['v*.*.*'] } });
	});

	it('publishes only what was linted, checked and tested, under the version of the tag', () => {
		expect(publish.needs).toBe('test');
		const steps = commands(test).join('\n');
		for (const needed of ['node scripts/releaseCheck.mjs "$GITHUB_REF_NAME"', 'npm run lint', 'npm run typecheck', 'npm test']) {
			expect(steps).toContain(needed);
		}
	});

	it('may sign who it is in the job that publishes, and only there', () => {
		expect(publish.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
		expect(test.permissions).toBeUndefined();
	});

	it('publishes the archive that came out the same twice, with provenance, and needs no token', () => {
		const steps = commands(publish);
		const last = steps.at(-1)!;
		expect(last).toMatch(/^npm publish \.\/first\/\*\.tgz --provenance --access public$/);
		expect(steps.find((step) => step.includes('npm pack'))).toMatch(/cmp first\/\*\.tgz second\/\*\.tgz/);
		expect(readFileSync(join(folder, 'release.yml'), 'utf8')).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
		const node = publish.steps.find(({ uses }) => uses?.startsWith('actions/setup-node@'));
		expect(node?.with).toEqual({ 'node-version': 24, 'registry-url': 'https://registry.npmjs.org' });
	});

	it('stops at a tag of another version, and without a section in the change log', () => {
		const judged = (tag: string, version: string, changelog: string): string[] =>
			JSON.parse(
				run(
					process.execPath,
					[
						'--input-type=module',
						'-e',
						'import { againstRelease } from "./scripts/releaseCheck.mjs"; const [tag, version, log] = process.argv.slice(1); console.log(JSON.stringify(againstRelease(tag, { version }, log)));',
						tag,
						version,
						changelog,
					],
					projectRoot,
				),
			) as string[];
		expect(judged('v1.2.3', '1.2.3', '# Changes\n\n## [Unreleased]\n\n## [1.2.3] - 2027-01-01\n')).toEqual([]);
		expect(judged('v1.2.4', '1.2.3', '## 1.2.3\n')).toEqual([expect.stringContaining('must be v1.2.3')]);
		expect(judged('v1.2.3', '1.2.3', '## [Unreleased]\n\n## 1.2.30\n')).toEqual([expect.stringContaining('no section "## 1.2.3"')]);
	});
});
