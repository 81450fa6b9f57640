import js from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { floorZones, rooms } from './scripts/floors.mjs';

/** Code that is published, in contrast to what only serves development. */
const published = ['credentials/**/*.ts', 'nodes/**/*.ts', 'engine/**/*.ts'];

/** Rooms that see the systems and the store through their interfaces only. `state` moves the store's own tables. */
const aboveTheSystems = rooms.filter(({ room }) => !/^(systems|store|state)\b/.test(room)).map(({ room }) => `./engine/${room}`);

/** Imports run one way. `target` must not import `from`; `except` is relative to `from`. Inside the engine: engine/floors.json. */
const zones = [
	...floorZones,
	{
		target: './engine',
		from: ['./nodes', './credentials', './sandbox', './test', './scripts'],
		message: 'The engine knows nothing of n8n, of the sandbox or of tests.',
	},
	{
		target: ['./nodes', './credentials'],
		from: ['./sandbox', './test', './scripts'],
		message: 'The sandbox, tests and scripts are not published.',
	},
	{
		target: ['./nodes', './credentials'],
		from: './engine',
		except: ['./index.ts'],
		message: 'engine/index.ts is the only door of the engine.',
	},
	{
		target: './sandbox',
		from: ['./engine', './nodes', './credentials', './test', './scripts'],
		message: 'The sandbox judges the product, so it must not share code with it.',
	},
	{
		target: aboveTheSystems,
		from: ['./engine/systems/businessCentral', './engine/systems/dataverse', './engine/store'],
		message: 'Use the interfaces of engine/ports; only nodes/shared chooses the systems and the database.',
	},
	{
		// A mapping holds filters in OData text, so it shares the literals of systems/odata.
		target: aboveTheSystems.filter((room) => room !== './engine/mapping'),
		from: './engine/systems/odata',
		message: 'Use the interfaces of engine/ports; HTTP is the business of the systems.',
	},
];

const noN8n = {
	group: ['n8n-*', '@n8n/*', 'n8n'],
	message: 'Only nodes and credentials (and their tests) know n8n.',
};

const nodeGlobals = Object.fromEntries(
	['process', 'console', 'URL', 'Buffer', 'fetch', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'AbortSignal'].map(
		(name) => [name, 'readonly'],
	),
);

export default defineConfig(
	globalIgnores(['dist', 'coverage', 'docs', 'test/e2e/host', 'test/clients/packages', 'test/e2e/.work', '.sync']),

	{
		files: ['**/*.ts'],
		extends: [js.configs.recommended, tseslint.configs.strict],
		plugins: { 'import-x': importX },
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
		settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'] })] },
		rules: {
			'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones }],
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
			'@typescript-eslint/consistent-type-imports': [
				'error',
				{ prefer: 'type-imports', fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
			],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
			// n8n demands classes where a function would do, and namespaces of constants are at times clearest as a class.
			'@typescript-eslint/no-extraneous-class': 'off',
			// With `noUncheckedIndexedAccess` every `list[i]` within bounds would need a branch that can never run.
			'@typescript-eslint/no-non-null-assertion': 'off',
			// Rows of both services are dictionaries.
			'@typescript-eslint/no-dynamic-delete': 'off',
			eqeqeq: ['error', 'always', { null: 'ignore' }],
		},
	},

	{
		files: published,
		rules: {
			'no-console': 'error',
			'import-x/no-extraneous-dependencies': ['error', { devDependencies: false, optionalDependencies: false, peerDependencies: true }],
		},
	},
	{ files: ['engine/**/*.ts', 'sandbox/**/*.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [noN8n] }] } },

	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		extends: [n8nCommunityNodesPlugin.configs.recommendedWithoutN8nCloudSupport],
		rules: {
			// Its list of sensitive words does not know the web service access key; credential-password-field looks after the other direction.
			'@n8n/community-nodes/credential-unnecessary-password': 'off',
			// It looks for `testedBy` in the files of nodes only; ours share one list (nodes/shared/connectionProperties.ts), which test/nodes/credentialTests.test.ts holds.
			'@n8n/community-nodes/credential-test-required': 'off',
		},
	},
	{
		files: ['package.json'],
		extends: [n8nCommunityNodesPlugin.configs.recommendedWithoutN8nCloudSupport],
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
		rules: {
			// Self-hosted n8n installs runtime dependencies; bundling axios, pg and kysely would only hide them from audits.
			'@n8n/community-nodes/no-runtime-dependencies': 'off',
			// Overrides make n8n-core installable for the tests. They are not in the published manifest (scripts/manifest.mjs, test/package).
			'@n8n/community-nodes/no-overrides-field': 'off',
		},
	},

	{ files: ['**/*.mjs'], extends: [js.configs.recommended], languageOptions: { globals: nodeGlobals } },
	{
		files: ['**/*.js', '**/*.cjs'],
		extends: [js.configs.recommended],
		languageOptions: {
			sourceType: 'commonjs',
			globals: { ...nodeGlobals, require: 'readonly', module: 'writable', __dirname: 'readonly' },
		},
	},
);
