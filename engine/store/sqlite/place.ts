import { chmodSync, lstatSync, mkdirSync, readlinkSync, realpathSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { rememberUse, wasUsed } from './remembered';
import { EMPTIED, MISSING, storeError } from './sqliteErrors';

/** What SQLite keeps beside a database while it is in use: log, index of the log, rollback journal. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** More links in a row than any system follows. */
const MOST_LINKS = 40;

/**
 * Makes the file and its folder where they do not exist, both for their owner only, and answers the file's one true path. Also narrows
 * a file that was copied here with wider permissions. SQLite gives its -wal and -shm files the mode of the database.
 *
 * A file that is there is never opened: POSIX drops all locks a process holds on a file as soon as the process closes any descriptor
 * of it, also those of a database connection ("How To Corrupt An SQLite Database File", section 2.2). Other processes would then take
 * the database for unused and delete the -wal file that this one goes on writing to.
 *
 * @param create makes an empty database at a path where nothing is, or leaves what another process was quicker to put there
 * @throws SyncError `STORE_MISSING`, `STORE_CORRUPT` (setup); what the operating system answered, always in finite time: nothing is opened
 * that could wait, such as a pipe
 */
export async function makeOwnerOnly(file: string, create: (path: string) => Promise<void>): Promise<string> {
	const path = withoutLinks(resolve(file));
	if (regularFile(path) === undefined) {
		// In silence a new file would take the place of one that was lost, with none of its couplings.
		if (wasUsed(path)) throw storeError(file, MISSING);
		makeFolder(dirname(path));
		await create(path);
	}
	const { mode, uid, size } = regularFile(path) ?? {};
	for (const companion of COMPANIONS) regularFile(`${path}${companion}`);
	// SQLite takes an empty file for a new database and would delete a log that stands beside it.
	if (size === 0) throw storeError(file, EMPTIED);
	if (mode !== undefined && (mode & 0o077) !== 0 && uid === process.getuid?.()) chmodSync(path, 0o600);
	const real = realpathSync(path);
	for (const name of [path, real]) rememberUse(name);
	return real;
}

/** Where a link leads that stands in the place of the file, also when nothing is there yet: a state file on a volume may be linked before its first run. */
function withoutLinks(path: string): string {
	let target = path;
	for (let links = 0; ; links++) {
		const found = lstatSync(target, { throwIfNoEntry: false });
		if (!found?.isSymbolicLink()) return target;
		if (links === MOST_LINKS) throw failure('ELOOP', `too many symbolic links: ${path}`);
		target = resolve(realpathSync(dirname(target)), readlinkSync(target));
	}
}

/**
 * One folder after the other, from the first that is missing. Node's own `recursive` tries again without end where a file system answers a
 * `mkdir` in a folder that exists with "no such file", as /proc does.
 */
function makeFolder(folder: string): void {
	const missing: string[] = [];
	let existing = folder;
	while (statSync(existing, { throwIfNoEntry: false }) === undefined && dirname(existing) !== existing) {
		missing.push(basename(existing));
		existing = dirname(existing);
	}
	for (const name of missing.reverse()) {
		existing = join(existing, name);
		try {
			mkdirSync(existing, { mode: 0o700 });
		} catch (error) {
			// Another process was quicker, or the name is taken by something that is no folder: the next step tells.
			if (codeOf(error) !== 'EEXIST') throw error;
		}
	}
	if (!statSync(folder).isDirectory()) throw failure('ENOTDIR', `not a folder: ${folder}`);
}

/** Undefined where there is nothing. Opening a pipe waits for its other end, and a device keeps nothing. */
function regularFile(path: string): Stats | undefined {
	const found = statSync(path, { throwIfNoEntry: false });
	if (found?.isFile() === false) throw failure(found.isDirectory() ? 'EISDIR' : 'ENOTSUP', `not a file that can hold a database: ${path}`);
	return found;
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });
const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
