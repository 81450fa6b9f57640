import type { Kysely } from 'kysely';
import type { SyncError } from '../errors';
import type { StoreTables } from './schema';

export type DialectName = 'sqlite' | 'postgres';

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
	/** The statement or transaction surely did not take effect (deadlock, serialization failure) and may be tried again at once. */
	isRepeatable(error: unknown): boolean;
	/** The connection broke: what was only read may be read again on a new one. */
	isConnectionLoss(error: unknown): boolean;
	/** Closes the database unless another session of this process still uses it. */
	release(): Promise<void>;
}
