import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** What was seen last of the two sides of a document that goes on living after it was handed over. Null for documents nobody has looked at since. */
export const orderLife = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema.alterTable('document').addColumn('life', text).execute();
		},
	};
};
