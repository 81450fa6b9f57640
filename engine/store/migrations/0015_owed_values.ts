import { type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** A record that was created without the values of its template on additional pages goes on owing them. */
export const owedValues: Migration = {
	async up(db: Kysely<unknown>): Promise<void> {
		await db.schema.alterTable('requeued_record').addColumn('owed', 'text').execute();
	},
};
