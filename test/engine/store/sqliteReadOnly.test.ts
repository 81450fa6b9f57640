import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../engine/store/openStore';
import { CONNECTION, coupling, ManualClock } from './samples';

let folder: string;
let file: string;
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'sync-read-only-'));
	file = join(folder, 'state.sqlite');
	const store = await openSqliteStore({ file, connection: CONNECTION, clock: new ManualClock() });
	await store.commit({ couplings: [coupling(1)] });
	await store.close();
});
afterEach(() => {
	chmodSync(folder, 0o700);
	rmSync(folder, { recursive: true, force: true });
});

const openUnprivileged = (): { code: string; errorClass?: string; message?: string } => {
	const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, 'unprivilegedOpener.ts'), file], {
		encoding: 'utf8',
		// Its cache would be a folder of root's.
		env: { ...process.env, TSX_DISABLE_CACHE: '1' },
	});
	expect(stderr).toBe('');
	return JSON.parse(stdout) as { code: string };
};

it.each([
	['a file that may only be read', 0o755, 0o444],
	['a file that may only be read, in a folder that may only be read', 0o555, 0o444],
	// SQLite keeps its log beside the file, so that a file alone is not enough.
	['a folder that may only be read, with a file that may be written', 0o555, 0o666],
])('%s is a clear error of the set-up, and nothing is changed', (_what, folderMode, fileMode) => {
	const before = readFileSync(file);
	chmodSync(file, fileMode);
	chmodSync(folder, folderMode);
	const outcome = openUnprivileged();
	expect(outcome.code).toMatch(/^STORE_(NOT_WRITABLE|READ_ONLY)$/);
	expect(outcome).toMatchObject({ errorClass: 'setup', message: expect.stringContaining(file) as string });
	expect(readdirSync(folder)).toEqual(['state.sqlite']);
	expect(readFileSync(file).equals(before)).toBe(true);
});

it('the same user works with a file and a folder that may be written: the modes above are what made the difference', () => {
	chmodSync(file, 0o666);
	chmodSync(folder, 0o777);
	expect(openUnprivileged()).toEqual({ code: 'none' });
});
