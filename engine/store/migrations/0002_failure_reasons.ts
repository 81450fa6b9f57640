import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** What a failed record waits for, since when it fails, and how its partner stood at the last try. */
export const failureReasons = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			// SQLite adds one column per statement.
			for (const column of ['partner_version', 'missing', 'first_failed_at']) {
				await db.schema.alterTable('failure').addColumn(column, text).execute();
			}
		},
	};
};
