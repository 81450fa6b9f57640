import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** What runs of a mapping deleted, uncoupled, overwrote, emptied and created within the last day: the guard counts it over all of them. */
export const massChanges = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('mass_change')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('record_id', text, (col) => col.notNull())
				.addColumn('action', text, (col) => col.notNull())
				.addColumn('title', text, (col) => col.notNull())
				.addColumn('at_ms', 'bigint', (col) => col.notNull())
				.addPrimaryKeyConstraint('mass_change_pk', ['connection_key', 'mapping', 'record_id', 'action'])
				.execute();
		},
	};
};
