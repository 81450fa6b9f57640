import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './stagedProject';

const development = {
	name: 'n8n-nodes-sample',
	version: '1.0.0',
	files: ['dist'],
	scripts: { build: 'node scripts/build.mjs', prepack: 'node scripts/prepack.mjs', postpack: 'node scripts/postpack.mjs' },
	n8n: { n8nNodesApiVersion: 1, nodes: ['dist/nodes/Sample/Sample.node.js'], credentials: [] },
	dependencies: { zod: '3.25.76' },
	peerDependencies: { 'n8n-workflow': '*' },
	devDependencies: { typescript: '*' },
	overrides: { zod: '3.25.76' },
};
const developmentText = JSON.stringify(development, null, 4);

/** A project of one node: packing it takes the real scripts, but not the time of the real build. */
function sampleProject(): string {
	const folder = mkdtempSync(join(tmpdir(), 'dynamics365-sync-pack-'));
	mkdirSync(join(folder, 'nodes', 'Sample'), { recursive: true });
	writeFileSync(join(folder, 'nodes', 'Sample', 'Sample.node.ts'), 'export class Sample {}\n');
	writeFileSync(join(folder, 'nodes', 'Sample', 'Sample.node.json'), '{}');
	writeFileSync(join(folder, 'nodes', 'Sample', 'sample.svg'), '<svg/>');
	writeFileSync(
		join(folder, 'tsconfig.build.json'),
		JSON.stringify({
			// The smallest library: reading and checking the others is most of what the compiler would do here.
			compilerOptions: { outDir: 'dist', rootDir: '.', target: 'es2022', lib: ['es5'], skipLibCheck: true, module: 'commonjs', types: [] },
			include: ['nodes'],
		}),
	);
	writeFileSync(join(folder, 'package.json'), developmentText);
	cpSync(join(projectRoot, 'scripts'), join(folder, 'scripts'), { recursive: true });
	symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'dir');
	return folder;
}

describe('packing', () => {
	let folder: string;
	const manifest = () => readFileSync(join(folder, 'package.json'), 'utf8');
	const script = (name: string, ...args: string[]) =>
		spawnSync(process.execPath, [join('scripts', `${name}.mjs`), ...args], { cwd: folder, encoding: 'utf8' });
	const swapIsPending = () => existsSync(join(folder, '.package.json.development'));

	beforeEach(() => {
		folder = sampleProject();
	});
	afterEach(() => rmSync(folder, { recursive: true, force: true }));

	it('swaps the published manifest in and the development manifest back, byte for byte', () => {
		expect(script('prepack').status).toBe(0);
		expect(Object.keys(JSON.parse(manifest()) as object).sort()).toEqual(
			['dependencies', 'engines', 'files', 'n8n', 'name', 'peerDependencies', 'version'].sort(),
		);
		expect(existsSync(join(folder, 'dist/nodes/Sample/Sample.node.js'))).toBe(true);
		expect(existsSync(join(folder, 'dist/nodes/Sample/Sample.node.json'))).toBe(true);
		expect(existsSync(join(folder, 'dist/nodes/Sample/sample.svg'))).toBe(true);
		expect(script('postpack').status).toBe(0);
		expect(manifest()).toBe(developmentText);
		expect(swapIsPending()).toBe(false);
	});

	it('that was killed half-way is repaired by the next build', () => {
		script('prepack');
		const build = script('build');
		expect(build.status).toBe(0);
		expect(build.stderr).toContain('package.json has been restored');
		expect(manifest()).toBe(developmentText);
	});

	it('that was killed half-way does not lose the development manifest to the next pack', () => {
		script('prepack');
		expect(script('prepack').status).toBe(0);
		expect(script('postpack').status).toBe(0);
		expect(manifest()).toBe(developmentText);
	});

	it('that was killed half-way is repaired by the guard it left behind', () => {
		script('prepack');
		expect(script('postpack', '--after', '0').status).toBe(0);
		expect(manifest()).toBe(developmentText);
	});

	it('refuses to choose when package.json was edited after a killed pack', () => {
		script('prepack');
		const edited = manifest().replace('1.0.0', '2.0.0');
		writeFileSync(join(folder, 'package.json'), edited);
		const next = script('prepack');
		expect(next.status).not.toBe(0);
		expect(next.stderr).toContain('.package.json.development');
		expect(manifest()).toBe(edited);
		expect(swapIsPending()).toBe(true);
	});

	it('leaves package.json alone when the build fails', () => {
		writeFileSync(join(folder, 'nodes', 'Sample', 'Sample.node.ts'), 'export const broken: number = "text";\n');
		expect(script('prepack').status).not.toBe(0);
		expect(manifest()).toBe(developmentText);
		expect(swapIsPending()).toBe(false);
	});

	it('says which listed node is missing', () => {
		rmSync(join(folder, 'nodes', 'Sample', 'Sample.node.ts'));
		writeFileSync(join(folder, 'nodes', 'Sample', 'Other.node.ts'), 'export class Other {}\n');
		const build = script('build');
		expect(build.status).not.toBe(0);
		expect(build.stderr).toContain('dist/nodes/Sample/Sample.node.js');
	});
});
