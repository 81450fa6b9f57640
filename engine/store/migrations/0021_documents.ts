import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** Sales documents with their partners: header and lines. */
export const documents = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('document')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('crm_id', text, (col) => col.notNull())
				.addColumn('bc_id', text)
				.addColumn('crm_number', text, (col) => col.notNull())
				.addColumn('bc_number', text, (col) => col.notNull())
				.addColumn('name', text, (col) => col.notNull())
				.addColumn('search', text, (col) => col.notNull())
				.addColumn('stage', text, (col) => col.notNull())
				.addColumn('content', text, (col) => col.notNull())
				.addColumn('amounts', text)
				.addColumn('accepted', text)
				.addColumn('gone_since', text)
				.addColumn('coupled_at', text, (col) => col.notNull())
				.addColumn('handed_over_at', text)
				.addPrimaryKeyConstraint('document_pk', ['connection_key', 'mapping', 'crm_id'])
				.execute();
			// Several documents may have no partner: both databases let blanks stand beside each other.
			await db.schema.createIndex('document_by_bc').on('document').columns(['connection_key', 'mapping', 'bc_id']).unique().execute();
			await db.schema
				.createTable('document_line')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('crm_id', text, (col) => col.notNull())
				.addColumn('sequence', 'integer', (col) => col.notNull())
				.addColumn('kind', text, (col) => col.notNull())
				.addColumn('bc_line_id', text)
				.addColumn('crm_line_id', text)
				.addPrimaryKeyConstraint('document_line_pk', ['connection_key', 'mapping', 'crm_id', 'sequence'])
				.execute();
		},
	};
};
