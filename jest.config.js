const { tmpdir } = require('node:os');
const { join } = require('node:path');

// Where secrets that were found are gathered, by all processes of this run.
process.env.SECRET_LEAKS ??= join(tmpdir(), `d365-sync-secrets-${process.pid}`);

/** Suites run in Node 24 (the dev dependency `node`); kysely is an ES module and therefore transformed too. */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['**/*.test.ts'],
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/e2e/',
		'<rootDir>/test/bench/',
		'<rootDir>/test/clients/',
		'<rootDir>/test/large/',
		// Those of `npm run long-tests`.
		'\\.long\\.test\\.ts$',
	],
	transform: {
		'^.+\\.(t|j|mj)s$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	// Packages that end-to-end runs and the suite of clients install.
	modulePathIgnorePatterns: ['<rootDir>/test/e2e/.work/', '<rootDir>/test/clients/packages/'],
	transformIgnorePatterns: ['/node_modules/(?!(kysely)/)'],
	// One more than the cores of a small machine: some suites wait for servers that are silent or begin anew.
	maxWorkers: 3,
	testTimeout: 60000,
	// No secret in an item, log line, error or store file: looked at in all suites.
	setupFilesAfterEnv: ['<rootDir>/test/kit/secrets/setup.ts'],
	reporters: ['default', '<rootDir>/test/kit/secrets/reporter.cjs'],
};
