import { sql, type CreateTableBuilder, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** How far the search for deleted records has come, and what it found that was not dealt with yet. */
export const deletions = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			const owned = <T extends string>(table: CreateTableBuilder<T>): CreateTableBuilder<T, string> =>
				(table as CreateTableBuilder<T, string>)
					.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
					.addColumn('mapping', text, (col) => col.notNull())
					.addColumn('side', text, (col) => col.notNull());
			await owned(db.schema.createTable('deletion_search'))
				.addColumn('token', text)
				.addColumn('position', text)
				.addColumn('checked_at', text)
				.addPrimaryKeyConstraint('deletion_search_pk', ['connection_key', 'mapping', 'side'])
				.execute();
			await owned(db.schema.createTable('missing_partner'))
				.addColumn('bc_id', text, (col) => col.notNull())
				.addColumn('crm_id', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('missing_partner_pk', ['connection_key', 'mapping', 'side', 'bc_id', 'crm_id'])
				.execute();
		},
	};
};
