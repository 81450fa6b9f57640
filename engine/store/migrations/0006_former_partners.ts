import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/**
 * Couples that ended because one of their records was deleted: a row may rise again, and the survivor is left alone until it changes. And when a
 * coupled row was created, to tell it from one that was deleted and is there again.
 */
export const formerPartners = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema.alterTable('coupling').addColumn('crm_created_at', text).execute();
			await db.schema
				.createTable('former_partner')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('crm_id', text, (col) => col.notNull())
				.addColumn('bc_id', text, (col) => col.notNull())
				.addColumn('kind', text, (col) => col.notNull())
				.addColumn('version', text)
				.addColumn('ended_ms', 'bigint', (col) => col.notNull())
				.addPrimaryKeyConstraint('former_partner_pk', ['connection_key', 'mapping', 'crm_id'])
				.execute();
			await db.schema.createIndex('former_partner_bc').on('former_partner').columns(['connection_key', 'mapping', 'bc_id']).execute();
		},
	};
};
