import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installAsCommunityPackage } from './communityInstall';
import { run } from './run';
import { packProject, projectRoot } from './stagedProject';

interface Manifest {
	name: string;
	dependencies: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[]; n8nNodesApiVersion: unknown };
	[field: string]: unknown;
}

interface Loaded {
	nodes: Array<{
		name: string;
		displayName: string;
		icon: unknown;
		credentials: string[];
		categories: string[];
		defaults: Record<string, unknown>;
	}>;
	/** Verdict of n8n's own check of the level. */
	level: { compatible: boolean };
	credentials: Array<{ name: string; displayName: string; icon: unknown }>;
}

/**
 * The rule of n8n's coming versions, which take a level as a whole number or as text `major` or `major.minor`, and let in what is not above their own;
 * n8n 2.41 knows whole numbers only. Source: packages/workflow/src/nodes-api-version.ts in https://github.com/n8n-io/n8n
 */
function levelAllows(declared: unknown, host: number): boolean {
	const text = typeof declared === 'number' && Number.isInteger(declared) ? String(declared) : declared;
	const [, major] = (typeof text === 'string' ? /^([1-9]\d*)(?:\.\d+)?$/.exec(text) : null) ?? [];
	return major !== undefined && Number(major) <= host;
}

/** Files of a folder, at any depth. Links are not followed: one leads to the installed packages of this checkout, which must stay as they are. */
function copiedFiles(folder: string): string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isSymbolicLink()) return [];
		return entry.isDirectory() ? copiedFiles(path) : [path];
	});
}

const read = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest;

describe('the package that users install', () => {
	const folder = mkdtempSync(join(tmpdir(), 'dynamics365-sync-install-'));
	const development = read(join(projectRoot, 'package.json'));
	let files: string[];
	let tarball: string;
	let installed: string;
	let published: Manifest;
	let loaded: Loaded;

	beforeAll(() => {
		tarball = packProject(folder);
		files = run('tar', ['-tzf', tarball], folder).trim().split('\n');
		published = JSON.parse(run('tar', ['-xzOf', tarball, 'package/package.json'], folder)) as Manifest;
		installed = installAsCommunityPackage(tarball, join(folder, 'user'));
		const loader = run(process.execPath, [join(__dirname, 'loadPackage.cjs'), installed], folder, {
			...process.env,
			NODE_PATH: join(projectRoot, 'node_modules'),
			N8N_USER_FOLDER: join(folder, 'user'),
		});
		loaded = JSON.parse(loader.slice(loader.lastIndexOf('\n'))) as Loaded;
	}, 300_000);

	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it('holds only compiled code, icons, node descriptions and the three texts', () => {
		const outside = files.filter((file) => !/^package\/(dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(file));
		expect(outside).toEqual([]);
		const unexpected = files.filter((file) => file.startsWith('package/dist/') && !/\.(js|json|svg|png)$/.test(file));
		expect(unexpected).toEqual([]);
		expect(files.filter((file) => /\.test\.|\/(test|sandbox|scripts)\//.test(file))).toEqual([]);
		expect(files).toEqual(expect.arrayContaining(['package/README.md', 'package/LICENSE', 'package/CHANGELOG.md']));
	});

	it('has a manifest with what n8n and npm need at run time and nothing else', () => {
		expect(Object.keys(published).sort()).toEqual(
			[
				'author',
				'dependencies',
				'description',
				'engines',
				'files',
				'homepage',
				'keywords',
				'license',
				'n8n',
				'name',
				'peerDependencies',
				'repository',
				'version',
			].sort(),
		);
		expect(published.dependencies).toEqual(development.dependencies);
		expect(published.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		expect(published.n8n).toEqual(development.n8n);
	});

	it('loads every listed node and credential in n8n, each with its icon', () => {
		expect(loaded.nodes).toHaveLength(development.n8n.nodes.length);
		expect(loaded.credentials).toHaveLength(development.n8n.credentials.length);
		for (const type of [...loaded.nodes, ...loaded.credentials])
			expect(type).toEqual(expect.objectContaining({ icon: expect.anything() as unknown }));
		for (const node of loaded.nodes) expect(node.categories).not.toEqual([]);
	});

	it('asks only for credentials that it brings along', () => {
		const own = loaded.credentials.map((credential) => credential.name);
		for (const node of loaded.nodes) expect(own).toEqual(expect.arrayContaining(node.credentials));
	});

	it('finds its runtime dependencies after an installation without install scripts', () => {
		for (const name of Object.keys(published.dependencies))
			expect(existsSync(join(installed, 'node_modules', name, 'package.json'))).toBe(true);
		expect(existsSync(join(installed, 'node_modules', 'n8n-workflow'))).toBe(false);
	});

	it('is the same archive, byte for byte, from another folder, at another time and with other permissions', () => {
		const other = packProject(
			join(folder, 'again'),
			(staged) => {
				for (const file of copiedFiles(staged)) {
					chmodSync(file, 0o600);
					utimesSync(file, 1_000_000_000, 1_000_000_000);
				}
			},
			'077',
		);
		const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
		expect(hash(other)).toBe(hash(tarball));
		const modes = run('tar', ['-tvzf', other], folder)
			.trim()
			.split('\n')
			.map((line) => line.slice(0, 10));
		expect(new Set(modes)).toEqual(new Set(['-rw-r--r--']));
	}, 300_000);

	it("is of a level that n8n's own check lets in", () => {
		expect(loaded.level).toEqual({ compatible: true, version: 1 });
	});

	it.each([
		['1', 1],
		['3.0', 3],
	])('is let in by an n8n of level %s, whether it reads the level as number or as text', (_host, host) => {
		expect(levelAllows(published.n8n.n8nNodesApiVersion, host)).toBe(true);
	});

	it('shows nothing that n8n 3 took from descriptions of nodes', () => {
		for (const { name, defaults, icon } of loaded.nodes) {
			expect([name, Object.keys(defaults)]).toEqual([name, ['name']]);
			expect([name, JSON.stringify(icon)]).toEqual([name, expect.not.stringContaining('fa:')]);
		}
		const code = files
			.filter((file) => file.endsWith('.js'))
			.map((file) => readFileSync(join(installed, file.replace('package/', '')), 'utf8'));
		expect(code.length).toBeGreaterThan(100);
		for (const removed of ['$getPairedItem', '$evaluateExpression', '.requestWithAuthentication', '.requestOAuth2', 'prepareOutputData']) {
			expect([removed, code.filter((text) => text.includes(removed)).length]).toEqual([removed, 0]);
		}
	});

	it('keeps the development manifest as it was', () => {
		expect(read(join(projectRoot, 'package.json'))).toEqual(development);
		expect(existsSync(join(projectRoot, '.package.json.development'))).toBe(false);
	});
});
