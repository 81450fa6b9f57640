import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/**
 * Who the systems of a connection are, and under which addresses the connection was met: so that a spelling does not make a connection. And which
 * records were seen with the newest stamps, so that a system that was put back is noticed; and which one had a number, so that one that is entered again is.
 */
export const connectionSystems = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema.alterTable('connection').addColumn('bc_system', text).execute();
			await db.schema.alterTable('connection').addColumn('crm_system', text).execute();
			await db.schema
				.createTable('connection_address')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('bc_address', text, (col) => col.notNull())
				.addColumn('crm_address', text, (col) => col.notNull())
				.addColumn('former_id', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('connection_address_pk', ['connection_key', 'former_id'])
				.execute();
			await db.schema.createIndex('connection_address_former').on('connection_address').column('former_id').execute();
			for (const side of ['bc', 'crm']) {
				const columns = ['connection_key', 'mapping', `${side}_stamp`];
				await db.schema.createIndex(`coupling_${side}_stamp`).on('coupling').columns(columns).execute();
			}
			await db.schema.createIndex('coupling_bc_number').on('coupling').columns(['connection_key', 'mapping', 'bc_number']).execute();
		},
	};
};
