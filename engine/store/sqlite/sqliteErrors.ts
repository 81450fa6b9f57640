import { SyncError, type ErrorClass } from '../../model/errors';

/** Primary result codes, "Result and Error Codes" of the SQLite documentation. */
const BUSY = 5;
const LOCKED = 6;
const CONSTRAINT_PRIMARY_KEY = 1555;
const CONSTRAINT_UNIQUE = 2067;

export interface Explanation {
	code: string;
	errorClass: ErrorClass;
	message: string;
	hint: string;
}

const LOCKED_FILE: Explanation = {
	code: 'STORE_LOCKED',
	errorClass: 'transient',
	message: 'is locked by another process',
	hint: 'The next run tries again. If it stays locked, look for a second n8n or a database tool that holds the file; several n8n processes need the PostgreSQL store.',
};
const READ_ONLY: Explanation = {
	code: 'STORE_READ_ONLY',
	errorClass: 'setup',
	message: 'cannot be written: the file or its folder is read-only',
	hint: 'Give the user n8n runs as the right to write the file and its folder.',
};
export const CORRUPT: Explanation = {
	code: 'STORE_CORRUPT',
	errorClass: 'setup',
	message: 'is damaged or not a SQLite database',
	hint: 'Stop n8n, move the file away together with the files of the same name ending in -wal and -shm, put a backup in its place, and start n8n again. Without a backup, couple the records again by match-based coupling before anything is created.',
};
export const LOG_OF_OTHER: Explanation = {
	code: 'STORE_CORRUPT',
	errorClass: 'setup',
	message: 'stands beside a -wal file that belongs to another database or to another state of it',
	hint: 'Stop n8n. If a backup was just put here, delete the files of the same name ending in -wal and -shm, which belong to the former file. Otherwise move all of them away and put a backup in their place. Then start n8n again.',
};
export const EMPTIED: Explanation = {
	code: 'STORE_CORRUPT',
	errorClass: 'setup',
	message: 'is empty: it has no content at all, not even that of a new database',
	hint: 'If the state was kept here before, stop n8n, put a backup in its place and start n8n again. If the file was made by hand for a new store, delete it; the first run makes it.',
};
export const FOREIGN: Explanation = {
	code: 'STORE_FOREIGN',
	errorClass: 'setup',
	message: 'is the database of another program',
	hint: 'Name a file that does not exist yet, or one that this package made; nothing was changed in this one.',
};
const SAME_AGAIN =
	'Stop n8n before the file is touched: put the file that was there back, or a backup without any -wal and -shm beside it, and start n8n again.';
export const REPLACED: Explanation = {
	code: 'STORE_REPLACED',
	errorClass: 'setup',
	message: 'was deleted, moved or replaced while it was in use',
	hint: `${SAME_AGAIN} The next run works with the file that stands there then.`,
};
export const LOG_GONE: Explanation = {
	code: 'STORE_REPLACED',
	errorClass: 'setup',
	message: 'has lost the files beside it (-wal and -shm) while it was in use',
	hint: 'See what deletes or replaces them (a cleaning job, a synchronized folder, a restore while n8n runs) and stop it. The next run works with what stands there then.',
};
export const MISSING: Explanation = {
	code: 'STORE_MISSING',
	errorClass: 'setup',
	message: 'is no longer there, although this n8n has worked with it',
	hint: `${SAME_AGAIN} If you really want to begin without any couplings, restart n8n: then a new file is made.`,
};
const DISK_FULL: Explanation = {
	code: 'STORE_DISK_FULL',
	errorClass: 'setup',
	message: 'cannot grow: the disk is full',
	hint: 'Free some space on the disk; old job log entries can be deleted with Read Sync Log.',
};
const NOT_WRITABLE: Explanation = {
	code: 'STORE_NOT_WRITABLE',
	errorClass: 'setup',
	message: 'cannot be opened or created',
	hint: 'Check that the folder exists or can be created on a disk, that the place is not taken by a folder, a pipe or a device, and that the user n8n runs as may write there. In a container, mount a volume at that place.',
};
const DISK_FAULT: Explanation = {
	code: 'STORE_IO',
	errorClass: 'transient',
	message: 'cannot be read or written: the disk reported a fault',
	hint: 'Check the disk. SQLite needs a local disk; on a network share use the PostgreSQL store.',
};

const bySqliteCode: Readonly<Record<number, Explanation>> = {
	[BUSY]: LOCKED_FILE,
	[LOCKED]: LOCKED_FILE,
	3: NOT_WRITABLE,
	8: READ_ONLY,
	10: DISK_FAULT,
	11: CORRUPT,
	13: DISK_FULL,
	14: NOT_WRITABLE,
	26: CORRUPT,
};

const byFileCode: Readonly<Record<string, Explanation>> = {
	EACCES: NOT_WRITABLE,
	EPERM: NOT_WRITABLE,
	ENOENT: NOT_WRITABLE,
	ENOTDIR: NOT_WRITABLE,
	EISDIR: NOT_WRITABLE,
	EEXIST: NOT_WRITABLE,
	ELOOP: NOT_WRITABLE,
	ENAMETOOLONG: NOT_WRITABLE,
	EINVAL: NOT_WRITABLE,
	ENODEV: NOT_WRITABLE,
	ENXIO: NOT_WRITABLE,
	ENOTSUP: NOT_WRITABLE,
	ERR_INVALID_ARG_VALUE: NOT_WRITABLE,
	EROFS: READ_ONLY,
	ENOSPC: DISK_FULL,
	EDQUOT: DISK_FULL,
	EIO: DISK_FAULT,
};

/** Not by `instanceof`: Node's own errors are of another realm where code runs in a vm context, as under jest. */
const property = (error: unknown, name: string): unknown =>
	typeof error === 'object' && error !== null ? (error as Record<string, unknown>)[name] : undefined;

const sqliteCode = (error: unknown): number | undefined => {
	const code = property(error, 'errcode');
	return typeof code === 'number' ? code : undefined;
};

export const isBusy = (error: unknown): boolean => {
	const code = sqliteCode(error);
	return code !== undefined && [BUSY, LOCKED].includes(code & 0xff);
};

export const isUniqueViolation = (error: unknown): boolean => {
	const code = sqliteCode(error);
	return code === CONSTRAINT_UNIQUE || code === CONSTRAINT_PRIMARY_KEY;
};

/** What the user sees when the file cannot be used; the file is named, its content never. */
export const storeError = (file: string, { message, ...known }: Explanation, cause?: unknown): SyncError =>
	new SyncError({ ...known, system: 'store', message: `The state store "${file}" ${message}.`, cause });

/** The same for whatever was thrown. */
export function explainSqlite(file: string, error: unknown): SyncError {
	if (error instanceof SyncError) return error;
	const code = sqliteCode(error);
	const fileCode = String(property(error, 'code'));
	const known = (code === undefined ? undefined : bySqliteCode[code & 0xff]) ?? byFileCode[fileCode];
	if (known) return storeError(file, known, error);
	const text = String(property(error, 'message') ?? error);
	return storeError(
		file,
		{
			code: 'STORE_FAILED',
			errorClass: 'setup',
			message: `failed: ${text}`,
			hint: 'This should not happen; please report it with the message above.',
		},
		error,
	);
}
