const { join } = require('node:path');
const everything = require('../../jest.config.js');

const root = join(__dirname, '..', '..');

/** `npm run large-tables`: tables of the sizes at which the engine's limits are, which take too long for every `npm test`. */
module.exports = {
	...everything,
	rootDir: root,
	testMatch: ['<rootDir>/test/large/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
};
