import { createReadStream, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { SyncError } from '../../model/errors';
import { stampOf } from './fileStamp';
import { Draft } from './draft';
import { inspect } from './inspection';
import { COMPANIONS } from './place';
import { explainSqlite } from './sqliteErrors';

/** A copy of the embedded store, looked through. */
export interface StateBackup {
	/** Where it is. */
	file: string;
	bytes: number;
	/** When it was begun: everything recorded before is in it. */
	takenAt: string;
	/** Couplings of all connections. */
	couplings: number;
	/** Connections (Business Central company and CRM environment) with state of their own. */
	connections: number;
	/** The newest change to the shape of the store it has seen, as `STORE_NEWER` names it. */
	shape: string;
}

/**
 * Copies the embedded store while runs go on, as it stands between two transactions; the work is done in another thread. The copy gets
 * its name when it was found whole and is on the disk, so a file of that name is never half a backup. It is one file, for its owner only.
 *
 * @param state the state file; it is not made when it is missing, and its tables are not brought up to date
 * @param target a file in a folder that exists
 * @param options.overwrite replace a backup that is there; never any other file
 * @throws SyncError `BACKUP_NOTHING`, `BACKUP_TARGET`, `BACKUP_FAILED`, and those of a state file that cannot be used (setup)
 */
export async function backUpStateFile(state: string, target: string, options: { overwrite: boolean; now: number }): Promise<StateBackup> {
	const source = realPath(state);
	removeLeftovers(source, options.now);
	await checkTarget(source, target, options.overwrite);
	const draft = new Draft(target);
	try {
		const copied = await copy(source, draft);
		draft.putInPlace(options.overwrite);
		return { file: target, takenAt: new Date(options.now).toISOString(), ...copied };
	} catch (error) {
		if (error instanceof SyncError) throw error;
		throw codeOf(error) === 'EEXIST' ? existing(target) : failed(target, error);
	} finally {
		draft.remove();
	}
}

function realPath(state: string): string {
	if (stampOf(state) === undefined) {
		throw new SyncError({
			code: 'BACKUP_NOTHING',
			errorClass: 'setup',
			system: 'store',
			message: `There is no state file at "${state}" yet, so there is nothing to back up.`,
			hint: 'The first run makes it. If there were runs already, see on the page "State store" of the documentation where the file is.',
		});
	}
	return realpathSync(state);
}

async function copy(source: string, draft: Draft): Promise<Pick<StateBackup, 'bytes' | 'couplings' | 'connections' | 'shape'>> {
	const original = await inspect(source).catch((error: unknown) => {
		throw explainSqlite(source, error);
	});
	try {
		draft.make();
		await original.rows(`vacuum into '${draft.path.replaceAll("'", "''")}'`);
	} finally {
		await original.close();
	}
	// Looked at with new eyes, as whoever restores it will.
	const found = await inspect(draft.path);
	try {
		const [counts] = await found.rows(
			`select (select count(*) from coupling) as couplings, (select count(*) from connection) as connections, (select max(name) from migration) as shape`,
		);
		await draft.flush();
		return {
			bytes: statSync(draft.path).size,
			couplings: Number(counts?.['couplings']),
			connections: Number(counts?.['connections']),
			shape: String(counts?.['shape']),
		};
	} finally {
		await found.close();
	}
}

async function checkTarget(source: string, target: string, overwrite: boolean): Promise<void> {
	const there = statOf(target);
	const own = ['', ...COMPANIONS].map((companion) => `${source}${companion}`);
	const same = there && own.map(statOf).some((file) => file?.ino === there.ino && file.dev === there.dev);
	if (same || own.includes(target)) {
		throw refused(`"${target}" is the state file itself, or belongs to it.`, 'Name another file, best on another disk.');
	}
	for (const companion of COMPANIONS) {
		if (!statOf(`${target}${companion}`)) continue;
		const message = `Beside "${target}" there is "${target}${companion}", which SQLite would take for a part of the backup.`;
		throw refused(message, 'A database of that name is in use, or was not closed. Name another file, or delete that one.');
	}
	if (!there) return;
	if (!there.isFile()) throw refused(`"${target}" is not a file.`, 'Name a file in a folder that exists.');
	if (!overwrite) throw existing(target);
	const former = await inspect(target).catch(() => {
		const hint = 'Only a former backup is overwritten. Name another file.';
		throw refused(`The file "${target}" is not a backup of this package.`, hint);
	});
	await former.close();
}

/** What a process that was killed in the middle left beside the state file. */
function removeLeftovers(source: string, now: number): void {
	for (const name of readdirSync(dirname(source))) {
		const path = join(dirname(source), name);
		if (!name.startsWith(`${basename(source)}.`) || !LEFTOVER.test(name)) continue;
		if ((statOf(path)?.mtimeMs ?? now) < now - LEFTOVER_AGE_MS) rmSync(path, { force: true });
	}
}

const LEFTOVER = /\.(new-[0-9a-f]{12}|for-download-[0-9a-f-]{36})(-journal|-wal|-shm)?$/;
const LEFTOVER_AGE_MS = 24 * 3_600_000;

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false });

const refused = (message: string, hint: string): SyncError =>
	new SyncError({ code: 'BACKUP_TARGET', errorClass: 'setup', system: 'store', message, hint });

const existing = (target: string): SyncError =>
	refused(`The file "${target}" exists already.`, 'Name another file, or switch on the option Overwrite a Former Backup.');

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

const failed = (target: string, error: unknown): SyncError =>
	new SyncError({
		code: 'BACKUP_FAILED',
		errorClass: 'setup',
		system: 'store',
		message: `The backup "${target}" could not be written: ${error instanceof Error ? error.message : String(error)}.`,
		hint: 'Check that its folder exists, that the user n8n runs as may write there, and that the disk has room for it. Nothing was left behind, and the state itself was not touched.',
		cause: error,
	});

/** Reads a backup that nobody else uses, piece by piece. */
export const readBackup = ({ file }: StateBackup): Readable => createReadStream(file);

/** Deletes a backup that was made only to be handed on. */
export const discardBackup = ({ file }: StateBackup): void => rmSync(file, { force: true });
