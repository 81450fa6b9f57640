import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';
import { separateRequeued } from '../transfer/requeuedAmongFailures';

/** What is to be looked at again has a table of its own; until here it stood among the failures, though it was none. */
export const requeuedRecords = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('requeued_record')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('direction', text, (col) => col.notNull())
				.addColumn('source_id', text, (col) => col.notNull())
				.addColumn('reason', text, (col) => col.notNull())
				.addColumn('fields', text)
				.addColumn('missing', text)
				.addColumn('source_version', text)
				.addColumn('attempts', 'integer', (col) => col.notNull())
				.addColumn('since', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('requeued_record_pk', ['connection_key', 'mapping', 'direction', 'source_id'])
				.execute();
			await separateRequeued(db, dialect);
		},
	};
};
