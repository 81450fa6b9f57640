import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** What an update that nobody confirmed yet writes, so that a run that died does not take its own values for somebody's edit. */
export const sentValues = (dialect: DialectName): Migration => ({
	async up(db: Kysely<unknown>): Promise<void> {
		await db.schema
			.alterTable('coupling')
			.addColumn('sent', dialect === 'postgres' ? sql`text collate "C"` : sql`text`)
			.execute();
	},
});
