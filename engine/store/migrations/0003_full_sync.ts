import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** Lines of a full synchronization, and the way to jobs of processes that died. */
export const fullSync = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('full_sync')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('run_id', text, (col) => col.notNull())
				.addColumn('status', text, (col) => col.notNull())
				.addColumn('choices', text, (col) => col.notNull())
				.addColumn('to_crm', text)
				.addColumn('from_crm', text)
				.addColumn('message', text, (col) => col.notNull())
				.addColumn('started_at', text, (col) => col.notNull())
				.addColumn('finished_at', text)
				.addPrimaryKeyConstraint('full_sync_pk', ['connection_key', 'mapping'])
				.execute();
			await db.schema
				.createIndex('job_running')
				.on('job')
				.columns(['connection_key', 'mapping'])
				.where(sql.ref('status'), '=', sql.lit('running'))
				.execute();
		},
	};
};
