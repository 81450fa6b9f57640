import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { isBusy } from './sqliteErrors';

/** How long a statement waits for another process that holds the file. */
const LOCK_WAIT_MS = 15_000;
/** SQLite's driver works in this thread: the event loop gets a turn after the first statement that ends so long after the last turn. */
const TURN_MS = 10;

/**
 * Runs Kysely's statements on `node:sqlite`. Waiting for a lock happens here and not in SQLite's own busy handler, because that
 * one would stop the whole process while it waits.
 */
export class NodeSqliteConnection implements DatabaseConnection {
	private lastTurn = 0;

	constructor(private readonly database: DatabaseSync) {}

	async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
		const deadline = Date.now() + LOCK_WAIT_MS;
		for (;;) {
			try {
				return await this.executeOnce<R>(query);
			} catch (error) {
				if (!isBusy(error) || Date.now() >= deadline) throw error;
				await pause(10 + Math.random() * 40);
			}
		}
	}

	// eslint-disable-next-line require-yield
	async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
		throw new Error('The store reads in pages and never streams.');
	}

	private async executeOnce<R>(query: CompiledQuery): Promise<QueryResult<R>> {
		try {
			const statement = this.database.prepare(query.sql);
			const parameters = query.parameters as SQLInputValue[];
			if (statement.columns().length > 0) return { rows: statement.all(...parameters) as R[] };
			const { changes } = statement.run(...parameters);
			return { rows: [], numAffectedRows: BigInt(changes) };
		} finally {
			if (performance.now() - this.lastTurn > TURN_MS) {
				await nextTurn();
				this.lastTurn = performance.now();
			}
		}
	}
}
