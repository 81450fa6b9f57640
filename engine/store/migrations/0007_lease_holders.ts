import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** Who holds a lease and since when, for whoever finds a mapping busy, and to tell that its process has ended. */
export const leaseHolders = (dialect: DialectName): Migration => ({
	async up(db: Kysely<unknown>): Promise<void> {
		await db.schema
			.alterTable('lease')
			.addColumn('holder', dialect === 'postgres' ? sql`text collate "C"` : sql`text`)
			.execute();
		await db.schema.alterTable('lease').addColumn('acquired_ms', 'bigint').execute();
	},
});
