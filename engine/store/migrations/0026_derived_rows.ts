import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** Rows that flows beside the documents have made of records of the other side: figures of customers, notes, posts. */
export const derivedRows = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('derived_row')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('source_id', text, (col) => col.notNull())
				.addColumn('target_id', text, (col) => col.notNull())
				.addColumn('owner_id', text, (col) => col.notNull())
				.addColumn('content', text, (col) => col.notNull())
				.addColumn('at', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('derived_row_pk', ['connection_key', 'mapping', 'source_id'])
				.execute();
			for (const column of ['target_id', 'owner_id'])
				await db.schema
					.createIndex(`derived_row_by_${column.slice(0, -3)}`)
					.on('derived_row')
					.columns(['connection_key', 'mapping', column])
					.execute();
		},
	};
};
