import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** Which store this is, and what is known of mappings without couplings: so that a lost store is not taken for one that has nothing to do. */
export const storeIdentity = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('store_identity')
				.addColumn('only', 'integer', (col) => col.primaryKey())
				.addColumn('id', text, (col) => col.notNull())
				.addColumn('created_ms', 'bigint', (col) => col.notNull())
				.execute();
			await db.schema
				.createTable('origin')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('kind', text, (col) => col.notNull())
				.addColumn('at_ms', 'bigint', (col) => col.notNull())
				.addPrimaryKeyConstraint('origin_pk', ['connection_key', 'mapping'])
				.execute();
		},
	};
};
