import { spawnSync } from 'node:child_process';
import {
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	realpathSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a state file can be, and where it cannot. The opener is a process of its own that is killed when it hangs. */
let folder: string;
beforeEach(() => {
	folder = realpathSync(mkdtempSync(join(tmpdir(), 'sync-place-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
	code: string;
	errorClass?: string;
	message?: string;
}

function openAll(...files: string[]): Outcome[] {
	const { stdout, signal } = spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, 'placeOpener.ts'), ...files], {
		encoding: 'utf8',
		timeout: 50_000,
		killSignal: 'SIGKILL',
	});
	expect(signal).toBeNull();
	return stdout
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Outcome);
}
const open = (file: string): Outcome => openAll(file)[0]!;

it('a place that can never hold a file ends in an error that names it, and never hangs', () => {
	writeFileSync(join(folder, 'file'), 'a file where a folder should be');
	mkdirSync(join(folder, 'folder'));
	mkdirSync(join(folder, 'taken', 'state.sqlite-wal'), { recursive: true });
	symlinkSync(join(folder, 'round'), join(folder, 'round'));
	symlinkSync('/proc/nowhere', join(folder, 'in-proc'));
	symlinkSync('nowhere/further', join(folder, 'dangling-folder'));
	const places = [
		join(folder, 'file', 'state.sqlite'),
		join(folder, 'folder'),
		`${join(folder, 'folder')}/`,
		join(folder, 'taken', 'state.sqlite'),
		join(folder, 'round'),
		join(folder, 'round', 'state.sqlite'),
		join(folder, 'in-proc', 'state.sqlite'),
		join(folder, 'dangling-folder', 'state.sqlite'),
		join(folder, 'x'.repeat(300)),
		// Only some systems have these.
		...['/proc/state.sqlite', '/proc/sync/state.sqlite', '/proc/1/a/b/state.sqlite', '/proc/self/fd/0', '/proc/self/fd/99/state.sqlite']
			.concat([
				'/sys/state.sqlite',
				'/sys/a/b/state.sqlite',
				'/sys/kernel/state.sqlite',
				'/dev/fd/a/state.sqlite',
				'/dev/null',
				'/dev/zero',
			])
			.filter((path) => existsSync(path.split('/').slice(0, 2).join('/'))),
	];
	const pipe = join(folder, 'pipe');
	if (spawnSync('mkfifo', [pipe]).status === 0) {
		symlinkSync(pipe, join(folder, 'to-pipe'));
		places.push(pipe, join(folder, 'to-pipe'));
	}
	const outcomes = openAll(...places);
	expect(outcomes.map(({ code }, index) => [places[index], code])).toEqual(places.map((place) => [place, 'STORE_NOT_WRITABLE']));
	outcomes.forEach(({ errorClass, message }, index) => {
		expect(errorClass).toBe('setup');
		expect(message).toContain(places[index]);
	});
});

it('a link to a place where nothing is yet leads there, as a link to a volume does', () => {
	mkdirSync(join(folder, 'volume'));
	symlinkSync(join('volume', 'sync', 'state.sqlite'), join(folder, 'state.sqlite'));
	expect(open(join(folder, 'state.sqlite'))).toEqual({ code: 'none' });
	expect(lstatSync(join(folder, 'state.sqlite')).isSymbolicLink()).toBe(true);
	expect(readdirSync(join(folder, 'volume', 'sync'))).toEqual(['state.sqlite']);
	expect(statSync(join(folder, 'volume', 'sync', 'state.sqlite')).mode & 0o777).toBe(0o600);
});

it('a link to a folder leads into it, and a path with "." and ".." means what it says', () => {
	mkdirSync(join(folder, 'volume'));
	symlinkSync('volume', join(folder, 'link'));
	expect(openAll(join(folder, 'link', 'deep', 'state.sqlite'), `${folder}/nowhere/.././volume/other.sqlite`)).toEqual([
		{ code: 'none' },
		{ code: 'none' },
	]);
	expect(readdirSync(join(folder, 'volume')).sort()).toEqual(['deep', 'other.sqlite']);
	expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});
