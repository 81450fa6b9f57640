import { statSync } from 'node:fs';

/** Which file stands at a path, and what can be told from outside of whether it was written. */
export interface FileStamp {
	readonly dev: bigint;
	readonly ino: bigint;
	readonly size: bigint;
	readonly mtimeNs: bigint;
}

/** Undefined where there is no file. Takes some microseconds and opens nothing. */
export function stampOf(path: string): FileStamp | undefined {
	return statSync(path, { bigint: true, throwIfNoEntry: false });
}

export const isSameFile = (one: FileStamp | undefined, other: FileStamp | undefined): boolean =>
	one?.ino === other?.ino && one?.dev === other?.dev;

export const isUntouched = (one: FileStamp | undefined, other: FileStamp | undefined): boolean =>
	isSameFile(one, other) && one?.size === other?.size && one?.mtimeNs === other?.mtimeNs;
