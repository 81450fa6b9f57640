import { setTimeout as pause } from 'node:timers/promises';
import { belongsTogether, isContinued, isFileContinued, LINEAGE_QUERY, lineageIn, lineageOf, type Lineage } from './lineage';
import { openInOtherThread } from './otherThread';
import { openReader, type Reader, type Row } from './reader';
import { CORRUPT, LOG_OF_OTHER, REPLACED, storeError } from './sqliteErrors';

/** A file that another process is just writing may look odd for a moment. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 100;

/** The whole file is looked through; the first fault is told. */
export const WHOLE = 'pragma integrity_check(1)';

/** @throws SyncError `STORE_CORRUPT` (setup) when the answer to `WHOLE` tells a fault */
export function requireWhole(path: string, [row]: Row[]): void {
	const verdict = String(row?.['integrity_check']);
	if (verdict !== 'ok') throw storeError(path, CORRUPT, new Error(verdict));
}

/**
 * Only whether it can still be the database that was known. Takes about a millisecond.
 *
 * @returns what is known of it now
 * @throws SyncError `STORE_REPLACED` when another database that is whole was written over it, `STORE_CORRUPT` when it is not (setup)
 */
export async function requireContinued(path: string, known: Lineage): Promise<Lineage> {
	const reader = await openReader(path);
	try {
		return await requireLineage(path, reader, known);
	} finally {
		await reader.close();
	}
}

/** As `requireContinued`; without `known` only that file and log belong together. */
export async function requireLineage(path: string, reader: Reader, known: Lineage | undefined): Promise<Lineage> {
	for (let look = 1; look <= LOOKS; look++) {
		if (look > 1) await pause(BETWEEN_LOOKS_MS);
		const lineage = await lookOnce(reader, known);
		if (lineage !== undefined) return lineage;
	}
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

async function lookOnce(reader: Reader, known: Lineage | undefined): Promise<Lineage | undefined> {
	const alone = async (): Promise<Lineage> => lineageOf((await reader.rowsOfFileAlone(LINEAGE_QUERY))[0]);
	const before = await alone();
	let merged: Lineage;
	try {
		merged = lineageOf((await reader.rows(LINEAGE_QUERY))[0]);
	} catch (error) {
		// A log cannot be read over a file that it does not belong to.
		if (known !== undefined && !isFileContinued(known, await alone())) return undefined;
		throw error;
	}
	const sighting = { before, merged, after: await alone() };
	const fits = belongsTogether(sighting) && (known === undefined || isContinued(known, sighting));
	return fits ? lineageIn(sighting) : undefined;
}
