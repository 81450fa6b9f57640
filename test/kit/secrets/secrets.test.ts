import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Each test starts jest itself.
jest.setTimeout(240_000);

interface Result {
	success: boolean;
	testResults: Array<{ assertionResults: Array<{ title: string; status: string; failureMessages: string[] }> }>;
}

/** Runs a fixture as `npm test` runs the suites, with everything that looks for secrets. */
function run(fixture: string): { code: number | null; output: string; tests: Result['testResults'][0]['assertionResults'] } {
	const folder = mkdtempSync(join(tmpdir(), 'sync-secrets-'));
	const results = join(folder, 'results.json');
	const jest = join(__dirname, '..', '..', '..', 'node_modules', 'jest', 'bin', 'jest.js');
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[jest, '--ci', '--runInBand', '--json', `--outputFile=${results}`, '--testMatch', `**/secrets/fixtures/${fixture}.fixture.ts`],
		{ encoding: 'utf8', cwd: join(__dirname, '..', '..', '..'), env: { ...process.env, SECRET_LEAKS: join(folder, 'leaks') } },
	);
	const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as Result;
	rmSync(folder, { recursive: true, force: true });
	return { code: status, output: stdout + stderr, tests: testResults.flatMap(({ assertionResults }) => assertionResults) };
}

test('a secret that gets out in any way fails the test that let it out, without being told', () => {
	const { code, tests } = run('leaking');
	expect(code).not.toBe(0);
	expect(tests.filter(({ status }) => status !== 'failed').map(({ title }) => title)).toEqual([]);
	expect(tests.length).toBeGreaterThanOrEqual(14);
	expect(tests.flatMap(({ failureMessages }) => failureMessages).join()).not.toMatch(/sandbox-secret-1|planted-postgres|c3luYy1z/);
	for (const { title, failureMessages } of tests)
		expect([title, failureMessages.join()]).toEqual([title, expect.stringMatching(/A secret \(....…\) stands in /)]);
});

test('a secret that gets out after the last test fails the run', () => {
	const { code, output, tests } = run('late');
	expect(tests.map(({ status }) => status)).toEqual(['passed']);
	expect(output).toContain('Secrets were let out');
	expect(code).not.toBe(0);
});

test('a run that signs in and lets nothing out passes', () => {
	const { code, tests } = run('clean');
	expect(tests.map(({ status }) => status)).toEqual(['passed']);
	expect(code).toBe(0);
});
