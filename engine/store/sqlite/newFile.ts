import { randomBytes } from 'node:crypto';
import { closeSync, constants, copyFileSync, linkSync, openSync, rmSync } from 'node:fs';
import { loadDriver } from './driver';
import { rememberWhole } from './remembered';

/** What file systems without hard links answer: FAT, some network and container file systems. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']);

/**
 * Makes a new database file, for its owner only. It gets its name when it is one: nobody ever finds a file without content at that
 * place, which would look the same as a database that was lost. Leaves a file alone that another process was quicker to make.
 */
export async function createDatabaseFile(path: string): Promise<void> {
	const { DatabaseSync } = await loadDriver();
	const draft = `${path}.new-${randomBytes(6).toString('hex')}`;
	// Nobody can have a file in use that this call has just made: its descriptor may be closed.
	closeSync(openSync(draft, 'ax', 0o600));
	try {
		const database = new DatabaseSync(draft);
		try {
			database.exec('pragma journal_mode = wal');
		} finally {
			database.close();
		}
		if (putInPlace(draft, path)) rememberWhole(path);
	} finally {
		rmSync(draft, { force: true });
	}
}

function putInPlace(draft: string, path: string): boolean {
	try {
		linkSync(draft, path);
		return true;
	} catch (error) {
		const code = String((error as NodeJS.ErrnoException).code);
		if (code === 'EEXIST') return false;
		if (!NO_LINKS.has(code)) throw error;
	}
	try {
		copyFileSync(draft, path, constants.COPYFILE_EXCL);
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
		throw error;
	}
}
