import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { DialectName } from '../backend';
import type { StoreTables } from '../schema';
import { separateRequeued } from './requeuedAmongFailures';
import { countRows, deleteRows, insertRows, readRows, type RowScope } from './rows';
import { isWork, STATE_TABLES } from './stateTables';
import type { StateRow, StateTable } from '../../ports/stateTransfer';

interface StagedIn {
	db: Kysely<StoreTables>;
	dialect: DialectName;
	/** The connection whose state is to be replaced. */
	connectionKey: number;
}

/** Leases of what was replaced are nobody's any more: later than any run lives. */
const FOR_EVER_MS = Number.MAX_SAFE_INTEGER;
const MARK = 'import of ';

/**
 * State that is being imported lies under a connection of its own until it is whole: what fails in the middle leaves the store as it was. Taking it
 * over renames two rows, however much was imported.
 */
export class Staging {
	private constructor(
		private readonly home: StagedIn,
		private readonly scope: RowScope,
		private readonly id: string,
	) {}

	/** What an earlier import left behind in the middle is removed; the caller holds all leases of the connection. */
	static async open(home: StagedIn): Promise<Staging> {
		const { db, dialect, connectionKey } = home;
		const own = await db.selectFrom('connection').selectAll().where('connection_key', '=', connectionKey).executeTakeFirstOrThrow();
		const left = await db.selectFrom('connection').select('connection_key').where('id', 'like', `${MARK}${own.id}%`).execute();
		for (const row of left) await remove({ db, dialect, connectionKey: Number(row.connection_key) });
		const { connection_key: _key, ...rest } = own;
		const made = await db
			.insertInto('connection')
			.values({ ...rest, id: `${MARK}${own.id} ${randomUUID()}` })
			.returning('connection_key')
			.executeTakeFirstOrThrow();
		return new Staging(home, { db, dialect, connectionKey: Number(made.connection_key) }, own.id);
	}

	async put(table: StateTable, rows: readonly StateRow[]): Promise<void> {
		await this.scope.db.transaction().execute((db) => insertRows({ ...this.scope, db }, table, rows));
	}

	/** Rows as they arrived in the database. */
	read(table: StateTable, after: Parameters<typeof readRows>[2], limit: number): ReturnType<typeof readRows> {
		return readRows(this.scope, table, after, limit);
	}

	/** Puts the staged state, brought up to date, in the place of the connection's own; answers its key. What was there goes. */
	async takeOver(): Promise<number> {
		const { connectionKey } = this.home;
		await this.scope.db.transaction().execute(async (db) => {
			await separateRequeued(db, this.scope.dialect, this.scope.connectionKey);
			await db.updateTable('lease').set({ expires_ms: FOR_EVER_MS }).where('connection_key', '=', connectionKey).execute();
			const old = `${MARK}${this.id} replaced ${randomUUID()}`;
			await db.updateTable('connection').set({ id: old }).where('connection_key', '=', connectionKey).execute();
			await db.updateTable('connection').set({ id: this.id }).where('connection_key', '=', this.scope.connectionKey).execute();
			const { connectionKey: taken } = this.scope;
			await db.updateTable('connection_address').set({ connection_key: taken }).where('connection_key', '=', connectionKey).execute();
		});
		await remove(this.home);
		return this.scope.connectionKey;
	}

	async abandon(): Promise<void> {
		await remove(this.scope);
	}
}

/** A session that is still open on a connection that went is refused by the database whatever it wants to write. */
async function remove(scope: RowScope): Promise<void> {
	for (const table of STATE_TABLES) await deleteRows(scope, table);
	await scope.db.deleteFrom('connection').where('connection_key', '=', scope.connectionKey).execute();
}

/** Rows of a connection that an import would replace, by table; only those that are somebody's work. */
export async function workThere(scope: RowScope): Promise<Map<string, number>> {
	const found = new Map<string, number>();
	for (const table of STATE_TABLES.filter(isWork)) {
		const count = await countRows(scope, table);
		if (count > 0) found.set(table.name, count);
	}
	return found;
}
