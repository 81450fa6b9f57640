import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SyncError } from '../model/errors';
import type { SyncSession } from '../ports/session';
import type { Position, StateRow, StateTable } from '../ports/stateTransfer';
import { STATE_TABLES, storeShape } from '../store/transfer/stateTransfer';
import { holdingAll } from './allLeases';
import { damaged, lineOf, readHeader, readLine, type StateEnd, type StateHeader, StateSum } from './stateFile';
import { linesOf } from './lines';
import type { StagedState } from '../ports/stateTransfer';

const PAGE = 250;

export interface ImportOptions {
	/** Take the place of what is there; default no: then somebody's work that is there is an error. */
	replace?: boolean;
	/** Also the state of another connection, for instance of one whose address was written otherwise. */
	anyConnection?: boolean;
}

export interface ImportedState {
	/** Rows by table, as counted in the database. */
	rows: Record<string, number>;
	exportedAt: string;
	/** The store the file was made from. */
	from: StateHeader['store'];
	/** Rows that went, by table. */
	replaced: Record<string, number>;
}

/**
 * Puts an exported state in the place of the connection's: all of it or nothing. The rows are laid down aside, read back from the database and
 * compared with the checksum of the file before they take over. No mapping runs meanwhile.
 * @throws SyncError `STATE_DAMAGED`, `STATE_NEWER`, `STATE_OTHER_CONNECTION`, `STATE_NOT_EMPTY` (setup), `MAPPING_BUSY` (transient); nothing is
 * changed then
 */
export async function importState(session: SyncSession, file: Readable, options: ImportOptions): Promise<ImportedState> {
	return await holdingAll(session, async (checkpoint) => {
		const transfer = session.store.transfer();
		const there = await transfer.work();
		if (there.size > 0 && !options.replace) throw notEmpty(there);
		const lines = linesOf(unpacked(file));
		const first = await lines.next();
		const head = readHeader(first.done ? '' : first.value, storeShape());
		if (!session.store.knownAs.includes(head.connection.id) && !options.anyConnection) throw otherConnection();
		const staged = await transfer.stage();
		try {
			const end = await lay(staged, lines, checkpoint);
			await verify(staged, end, head.shape === storeShape(), checkpoint);
			await checkpoint();
			await staged.takeOver();
			return { rows: end.rows, exportedAt: head.exportedAt, from: head.store, replaced: Object.fromEntries(there) };
		} catch (error) {
			await staged.abandon();
			throw error;
		}
	});
}

function unpacked(file: Readable): Readable {
	const plain = createGunzip();
	file.once('error', (error) => plain.destroy(error));
	return file.pipe(plain);
}

async function lay(staged: StagedState, lines: AsyncGenerator<string>, checkpoint: () => Promise<void>): Promise<StateEnd> {
	const sum = new StateSum();
	let table: StateTable | undefined;
	let rows: StateRow[] = [];
	const flush = async (): Promise<void> => {
		if (table && rows.length > 0) await staged.put(table, rows).catch(refused);
		rows = [];
		await checkpoint();
	};
	for await (const line of lines) {
		const read = readLine(line);
		if ('sha256' in read) {
			await flush();
			if (!(await lines.next()).done) throw damaged('something follows its end');
			const own = sum.end();
			if (own.sha256 !== read.sha256) throw damaged('its content does not fit its checksum');
			return read;
		}
		if (read.table !== table || rows.length >= PAGE) await flush();
		table = read.table;
		sum.add(table, line);
		rows.push(read.row);
	}
	throw damaged('its end is missing');
}

/** What the database made of the rows, read back in the order of the file. */
async function verify(staged: StagedState, end: StateEnd, sameShape: boolean, checkpoint: () => Promise<void>): Promise<void> {
	const sum = new StateSum();
	for (const table of STATE_TABLES) {
		let after: Position = null;
		do {
			await checkpoint();
			const page = await staged.read(table, after, PAGE);
			after = page.next;
			for (const row of page.rows) sum.add(table, lineOf(table, row));
		} while (after !== null);
	}
	const { rows, sha256 } = sum.end();
	const counts = (of: Record<string, number>): string => JSON.stringify(Object.entries(of).sort());
	if (counts(rows) !== counts(end.rows)) throw damaged('the numbers of rows do not fit');
	// Columns that came later are null in a file of an earlier version, so its lines are not those of today.
	if (sameShape && sha256 !== end.sha256) throw damaged('the database holds something else than the file');
}

/** What the database has against a row is the file's fault; a full disk or a lost connection is not. */
function refused(error: unknown): never {
	if (error instanceof SyncError && error.code === 'STORE_FAILED') throw damaged('the database refuses one of its rows', error);
	throw error;
}

const notEmpty = (there: ReadonlyMap<string, number>): SyncError =>
	new SyncError({
		code: 'STATE_NOT_EMPTY',
		errorClass: 'setup',
		system: 'store',
		message: `This store already knows the connection: ${[...there].map(([table, count]) => `${count.toLocaleString('en')} ${WORDS[table] ?? table}`).join(', ')}. Nothing was imported.`,
		hint: 'Import into a store that was not used for the connection yet, or choose "Replace What Is There"; export what is there first.',
	});

const WORDS: Readonly<Record<string, string>> = {
	mapping_setting: 'changed settings',
	coupling: 'couplings',
	intent: 'unfinished creations',
	failure: 'failures',
	requeued_record: 'records to be looked at again',
	former_partner: 'couples that ended',
};

const otherConnection = (): SyncError =>
	new SyncError({
		code: 'STATE_OTHER_CONNECTION',
		errorClass: 'setup',
		system: 'store',
		message:
			'The exported state belongs to another connection: another company, or other addresses of Business Central or CRM. Nothing was imported.',
		hint: 'Choose credentials and company of the connection that was exported. Only where the same company and the same environments are named in another way: "Accept Another Connection".',
	});
