const { globSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const everything = require('../../jest.config.js');

// `npm test` tries a sample of them, see test/kit/points.ts.
process.env.CRASH_POINTS = 'all';

const root = join(__dirname, '..', '..');
const walks = globSync('test/**/*.test.ts', { cwd: root }).filter((file) => /kit\/points'/.test(readFileSync(join(root, file), 'utf8')));

/** `npm run crash-points`: the suites in which a process ends at a point of its way, with all points there are. */
module.exports = { ...everything, rootDir: root, testMatch: walks.map((file) => `<rootDir>/${file}`) };
