import { setTimeout as pause } from 'node:timers/promises';
import { isUntouched, stampOf, type FileStamp } from './fileStamp';
import { belongsTogether, isContinued, isFileContinued, LINEAGE_QUERY, lineageIn, lineageOf, type Lineage } from './lineage';
import { openInOtherThread } from './otherThread';
import { openReader, type Reader, type Row } from './reader';
import { CORRUPT, LOG_OF_OTHER, REPLACED, storeError } from './sqliteErrors';

/** So many looks at a file that nobody writes at the moment must come to the same before it counts. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 100;
/** While another process moves its log into the file, the file alone may be unreadable; that takes seconds at most. */
const PATIENCE_MS = 15_000;

/** The whole file is looked through; the first fault is told. */
export const WHOLE = 'pragma integrity_check(1)';

/** @throws SyncError `STORE_CORRUPT` (setup) when the answer to `WHOLE` tells a fault */
export function requireWhole(path: string, [row]: Row[]): void {
	const verdict = String(row?.['integrity_check']);
	if (verdict !== 'ok') throw storeError(path, CORRUPT, new Error(verdict));
}

export interface Finding {
	lineage: Lineage;
	/** False when the file alone could not be read: whether file and log together are whole must then be looked at. */
	sure: boolean;
}

/**
 * Only whether it can still be the database that was known. Takes about a millisecond.
 *
 * @throws SyncError `STORE_REPLACED` when another database that is whole was written over it, `STORE_CORRUPT` when it is not (setup)
 */
export async function requireContinued(path: string, known: Lineage): Promise<Finding> {
	const reader = await openReader(path);
	try {
		return await requireLineage(path, reader, known);
	} finally {
		await reader.close();
	}
}

/** As `requireContinued`; without `known` only that file and log belong together. */
export async function requireLineage(path: string, reader: Reader, known: Lineage | undefined): Promise<Finding> {
	const end = performance.now() + PATIENCE_MS;
	let last: FileStamp | undefined;
	let unreadable: Lineage | undefined;
	for (let looks = 0; looks < LOOKS && performance.now() < end;) {
		const stamp = stampOf(path);
		const look = await lookOnce(reader, known);
		if (look.kind === 'fits') return { lineage: look.lineage, sure: true };
		unreadable = look.kind === 'unreadable' ? look.merged : undefined;
		// A process that died while it moved its log into the file has left it so, and nothing is wrong.
		if (unreadable !== undefined && known === undefined) break;
		looks = isUntouched(stamp, last) ? looks + 1 : 1;
		last = stamp;
		await pause(BETWEEN_LOOKS_MS);
	}
	if (unreadable !== undefined)
		return { lineage: { ...unreadable, ...(known && { settled: known.settled, schema: known.schema }) }, sure: false };
	if (known === undefined) throw storeError(path, LOG_OF_OTHER);
	// A copy that is whole may be gone on with; one that is not is damage.
	const thread = await openInOtherThread(path);
	try {
		requireWhole(path, await thread.rowsOfFileAlone(WHOLE));
	} finally {
		await thread.close();
	}
	throw storeError(path, REPLACED);
}

type Look =
	| { kind: 'fits'; lineage: Lineage }
	| { kind: 'other' }
	/** The file alone cannot be read, only with its log. */
	| { kind: 'unreadable'; merged: Lineage };

async function lookOnce(reader: Reader, known: Lineage | undefined): Promise<Look> {
	const alone = async (): Promise<Lineage | undefined> => {
		try {
			return lineageOf((await reader.rowsOfFileAlone(LINEAGE_QUERY))[0]);
		} catch {
			return undefined;
		}
	};
	const before = await alone();
	let merged: Lineage;
	try {
		merged = lineageOf((await reader.rows(LINEAGE_QUERY))[0]);
	} catch (error) {
		// A log cannot be read over a file that it does not belong to.
		const file = await alone();
		if (known !== undefined && file !== undefined && !isFileContinued(known, file)) return { kind: 'other' };
		throw error;
	}
	const after = await alone();
	if (before === undefined || after === undefined) return { kind: 'unreadable', merged };
	const sighting = { before, merged, after };
	const fits = belongsTogether(sighting) && (known === undefined || isContinued(known, sighting));
	return fits ? { kind: 'fits', lineage: lineageIn(sighting) } : { kind: 'other' };
}
