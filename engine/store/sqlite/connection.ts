import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { FileWatch } from './fileWatch';
import { isBusy } from './sqliteErrors';
import { Statements } from './statements';

/** How long a statement waits for another process that holds the file. */
const LOCK_WAIT_MS = 15_000;
export const COMMIT = 'commit';
/** SQLite's driver works in this thread: the event loop gets a turn after the first statement that ends so long after the last turn. */
const TURN_MS = 10;

/**
 * Runs Kysely's statements on `node:sqlite`. Waiting for a lock happens here and not in SQLite's own busy handler, because that
 * one would stop the whole process while it waits.
 */
export class NodeSqliteConnection implements DatabaseConnection {
	private readonly statements: Statements;
	private lastTurn = 0;

	constructor(
		private readonly database: DatabaseSync,
		private readonly watch?: FileWatch,
	) {
		this.statements = new Statements(database);
	}

	async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
		// Not the time of day, which may be set meanwhile.
		const deadline = performance.now() + LOCK_WAIT_MS;
		for (;;) {
			try {
				// Before each transaction, and each statement that is one by itself.
				if (!this.database.isTransaction) await this.watch?.check();
				return await this.executeOnce<R>(query);
			} catch (error) {
				if (!isBusy(error) || performance.now() >= deadline) throw error;
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
			const commits = query.sql === COMMIT;
			// SQLite moves its log into the file when a transaction has ended.
			if (!this.watch || (this.database.isTransaction && !commits)) return this.runNow<R>(query);
			const result = this.watch.during(() => this.runNow<R>(query));
			// What was committed to a file that nobody will find again must not be taken for recorded.
			if (commits) this.watch.checkPlace();
			return result;
		} finally {
			if (performance.now() - this.lastTurn > TURN_MS) {
				await nextTurn();
				this.lastTurn = performance.now();
			}
		}
	}

	/** To be called after a commit: when SQLite moved its log into the file, it is asked whether that was all of it. */
	noteSettled(): void {
		if (this.watch?.takeWritten() !== true) return;
		const state = this.watch.during(() => this.database.prepare('pragma wal_checkpoint(passive)').get());
		if (state?.['busy'] === 0 && state['log'] === state['checkpointed']) this.watch.allSettled();
	}

	private runNow<R>({ sql, parameters }: CompiledQuery): QueryResult<R> {
		const outcome = this.statements.run(sql, parameters as SQLInputValue[]);
		return 'rows' in outcome ? { rows: outcome.rows as R[] } : { rows: [], numAffectedRows: BigInt(outcome.changes) };
	}
}
