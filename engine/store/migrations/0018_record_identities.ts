import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** Which mappings know records of pages by their SystemIds, and the keys that records have beside these. */
export const recordIdentities = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('record_identity')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('identity', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('record_identity_pk', ['connection_key', 'mapping'])
				.execute();
			await db.schema
				.createTable('record_key')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('table_name', text, (col) => col.notNull())
				.addColumn('system_id', text, (col) => col.notNull())
				.addColumn('key_id', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('record_key_pk', ['connection_key', 'table_name', 'system_id'])
				.addUniqueConstraint('record_key_once', ['connection_key', 'table_name', 'key_id'])
				.execute();
		},
	};
};
