import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/**
 * Watermarks by the service's own clock: how far that was ahead of ours, so that a clock that was set is noticed, and what was read, so that another
 * filter or table is read from the start. And when an insert was announced, by the clock of the service that may still carry it out.
 */
export const readUntil = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			// SQLite adds one column per statement.
			await db.schema.alterTable('watermark').addColumn('clock_ahead_ms', 'bigint').execute();
			await db.schema.alterTable('watermark').addColumn('scope', text).execute();
			await db.schema.alterTable('watermark').addColumn('uncoupled_too', 'integer').execute();
			await db.schema.alterTable('intent').addColumn('announced_at', text).execute();
		},
	};
};
