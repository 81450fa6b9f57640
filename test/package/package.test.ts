import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installAsCommunityPackage } from './communityInstall';
import { run } from './run';
import { packProject, projectRoot } from './stagedProject';

interface Manifest {
	name: string;
	dependencies: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
	[field: string]: unknown;
}

interface Loaded {
	nodes: Array<{ name: string; displayName: string; icon: unknown; credentials: string[]; categories: string[] }>;
	credentials: Array<{ name: string; displayName: string; icon: unknown }>;
}

const read = (file: string): Manifest => JSON.parse(readFileSync(file, 'utf8')) as Manifest;

describe('the package that users install', () => {
	const folder = mkdtempSync(join(tmpdir(), 'dynamics365-sync-install-'));
	const development = read(join(projectRoot, 'package.json'));
	let files: string[];
	let installed: string;
	let published: Manifest;
	let loaded: Loaded;

	beforeAll(() => {
		const tarball = packProject(folder);
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

	it('keeps the development manifest as it was', () => {
		expect(read(join(projectRoot, 'package.json'))).toEqual(development);
		expect(existsSync(join(projectRoot, '.package.json.development'))).toBe(false);
	});
});
