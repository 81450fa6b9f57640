const { join } = require('node:path');
const everything = require('../../jest.config.js');

const root = join(__dirname, '..', '..');

/** `npm run long-tests`: the suites `*.long.test.ts`, which walk every table, release or answer there is, or wait for packages, servers and processes, and would make `npm test` too long. */
module.exports = {
	...everything,
	rootDir: root,
	testMatch: ['<rootDir>/test/**/*.long.test.ts'],
	testPathIgnorePatterns: everything.testPathIgnorePatterns.filter((pattern) => !pattern.includes('long')),
};
