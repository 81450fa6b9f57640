import type { Kysely, Transaction } from 'kysely';
import type { DialectName } from './backend';
import type { StoreTables } from './schema';

/** What each table module works with: the database (or the transaction going on) and the connection whose rows are meant. */
export interface Scope {
	readonly db: Kysely<StoreTables> | Transaction<StoreTables>;
	readonly dialect: DialectName;
	readonly connectionKey: number;
	/** See `Backend.scanSlice`. */
	readonly scanSlice: number;
}
