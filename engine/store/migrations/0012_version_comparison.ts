import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/**
 * The search for deleted records becomes a comparison of versions: how far it has come, and which records it has met. A search that is under way
 * begins anew, for it has no phase. Nothing is known of records without a partner, so the first comparison only takes stock of them.
 */
export const versionComparison = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema.alterTable('deletion_search').addColumn('began_at', text).execute();
			await db.schema.alterTable('deletion_search').addColumn('phase', text).execute();
			await db.schema.alterTable('deletion_search').addColumn('knows_uncoupled', 'integer').execute();
			await db.schema.alterTable('deletion_search').addColumn('untold', 'integer').execute();
			await db.schema
				.createTable('compared_record')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('side', text, (col) => col.notNull())
				.addColumn('record_id', text, (col) => col.notNull())
				.addColumn('began_at', text, (col) => col.notNull())
				.addColumn('version', text)
				.addPrimaryKeyConstraint('compared_record_pk', ['connection_key', 'mapping', 'side', 'record_id'])
				.execute();
		},
	};
};
