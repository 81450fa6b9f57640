import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/**
 * Which fields a couple was compared with, so that a mapping that changes is noticed couple by couple; and how far the couplings of a mapping have been gone
 * through since it changed.
 */
export const fieldSets = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema.alterTable('coupling').addColumn('field_set', text).execute();
			await db.schema
				.createTable('field_set')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('hash', text, (col) => col.notNull())
				.addColumn('fields', text, (col) => col.notNull())
				.addColumn('current', 'integer', (col) => col.notNull())
				.addColumn('position', text)
				.addPrimaryKeyConstraint('field_set_pk', ['connection_key', 'mapping', 'hash'])
				.execute();
		},
	};
};
