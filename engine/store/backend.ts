import type { Kysely } from 'kysely';
import type { SyncError } from '../model/errors';
import type { StoreTables } from './schema';

export type DialectName = 'sqlite' | 'postgres';

/** `undecided`: it may still be carried out, or cannot be found out. */
export type Outcome = 'committed' | 'rolledBack' | 'undecided';

export interface CommitOutcomes {
	/** Inside a transaction: what to ask for it by afterwards. */
	mark(transaction: Kysely<StoreTables>): Promise<CommitMark>;
	/** Never throws. */
	outcome(db: Kysely<StoreTables>, mark: CommitMark): Promise<Outcome>;
}

export interface CommitMark {
	transaction: string;
	/** Another run of the server knows other transactions by the same numbers. */
	server: string;
}

/** An open database, as the store sees it: Kysely, plus the few things in which the two databases differ. */
export interface Backend {
	readonly dialect: DialectName;
	readonly db: Kysely<StoreTables>;
	/**
	 * Rows a filtered list may look through in one statement. SQLite works in this very thread, so long scans are cut into slices
	 * between which the event loop runs; a PostgreSQL server does not block us.
	 */
	readonly scanSlice: number;
	/** Turns whatever the driver threw into the error the user sees. */
	explain(error: unknown): SyncError;
	/** A uniqueness constraint was violated. */
	isUniqueViolation(error: unknown): boolean;
	/** The statement or transaction surely did not take effect (deadlock, serialization failure, never sent) and may be tried again at once. */
	isRepeatable(error: unknown): boolean;
	/** There is no connection any more, or none was made: what can be done twice may be tried again on a new one. */
	isConnectionLoss(error: unknown): boolean;
	/** The server did not answer in time. Also a connection loss; but who has waited so long does not wait so long again and again. */
	isSilence(error: unknown): boolean;
	/** Tells afterwards what became of a transaction whose commit got no answer; absent where commits always answer. */
	readonly outcomes?: CommitOutcomes;
	/** Closes the database unless another session of this process still uses it. */
	release(): Promise<void>;
}
