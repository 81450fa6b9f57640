import { sql, type CreateTableBuilder, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** The first shape of the store. Texts sort by bytes in both dialects, so that "ordered by id" means the same everywhere. */
export const initial = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;

	/** A key the database counts up itself. */
	const withCounter = <T extends string>(table: CreateTableBuilder<T>, column: string): CreateTableBuilder<T, string> =>
		dialect === 'postgres'
			? table.addColumn(column, 'bigint', (col) => col.generatedAlwaysAsIdentity().primaryKey())
			: table.addColumn(column, 'integer', (col) => col.primaryKey().autoIncrement());

	return {
		async up(db: Kysely<unknown>): Promise<void> {
			/** A table whose rows belong to a connection. */
			const owned = <T extends string>(table: CreateTableBuilder<T, string> | CreateTableBuilder<T>): CreateTableBuilder<T, string> =>
				(table as CreateTableBuilder<T, string>).addColumn('connection_key', 'bigint', (col) =>
					col.notNull().references('connection.connection_key').onDelete('cascade'),
				);

			await withCounter(db.schema.createTable('connection'), 'connection_key')
				.addColumn('id', text, (col) => col.notNull().unique())
				.addColumn('bc_address', text, (col) => col.notNull())
				.addColumn('company_id', text, (col) => col.notNull())
				.addColumn('company_name', text, (col) => col.notNull())
				.addColumn('crm_address', text, (col) => col.notNull())
				.addColumn('created_ms', 'bigint', (col) => col.notNull())
				.addColumn('opened_ms', 'bigint', (col) => col.notNull())
				.execute();

			await owned(db.schema.createTable('mapping_setting'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('settings', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('mapping_setting_pk', ['connection_key', 'mapping'])
				.execute();

			await owned(db.schema.createTable('lease'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('owner', text)
				.addColumn('fence', 'bigint', (col) => col.notNull())
				.addColumn('expires_ms', 'bigint', (col) => col.notNull())
				.addPrimaryKeyConstraint('lease_pk', ['connection_key', 'mapping'])
				.execute();

			await owned(db.schema.createTable('coupling'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('bc_id', text, (col) => col.notNull())
				.addColumn('crm_id', text, (col) => col.notNull())
				.addColumn('bc_number', text, (col) => col.notNull())
				.addColumn('bc_name', text, (col) => col.notNull())
				.addColumn('crm_name', text, (col) => col.notNull())
				.addColumn('search', text, (col) => col.notNull())
				.addColumn('bc_version', text)
				.addColumn('crm_version', text)
				.addColumn('bc_stamp', text)
				.addColumn('crm_stamp', text)
				.addColumn('baseline', text)
				.addColumn('initial', text)
				.addColumn('coupled_at', text, (col) => col.notNull())
				.addColumn('last_synced_at', text)
				// Each record has one partner at most: the database itself makes sure of it.
				.addPrimaryKeyConstraint('coupling_bc', ['connection_key', 'mapping', 'bc_id'])
				.addUniqueConstraint('coupling_crm', ['connection_key', 'mapping', 'crm_id'])
				.execute();
			await db.schema
				.createIndex('coupling_pending')
				.on('coupling')
				.columns(['connection_key', 'mapping', 'bc_id'])
				.where(sql.ref('baseline'), 'is', null)
				.execute();

			await owned(db.schema.createTable('intent'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('direction', text, (col) => col.notNull())
				.addColumn('source_id', text, (col) => col.notNull())
				.addColumn('target_id', text)
				.addColumn('values_json', text, (col) => col.notNull())
				.addColumn('created_at', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('intent_pk', ['connection_key', 'mapping', 'direction', 'source_id'])
				.execute();

			await owned(db.schema.createTable('failure'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('direction', text, (col) => col.notNull())
				.addColumn('source_id', text, (col) => col.notNull())
				.addColumn('error_class', text, (col) => col.notNull())
				.addColumn('error_code', text, (col) => col.notNull())
				.addColumn('message', text, (col) => col.notNull())
				.addColumn('hint', text, (col) => col.notNull())
				.addColumn('attempts', 'integer', (col) => col.notNull())
				.addColumn('skipped', 'integer', (col) => col.notNull())
				.addColumn('source_version', text)
				.addColumn('failed_at', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('failure_pk', ['connection_key', 'mapping', 'direction', 'source_id'])
				.execute();
			await db.schema
				.createIndex('failure_state')
				.on('failure')
				.columns(['connection_key', 'skipped', 'mapping', 'direction', 'source_id'])
				.execute();

			await owned(db.schema.createTable('watermark'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('side', text, (col) => col.notNull())
				.addColumn('stamp', text)
				.addColumn('sort_key', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('watermark_pk', ['connection_key', 'mapping', 'side'])
				.execute();

			await owned(db.schema.createTable('job'))
				.addColumn('id', text, (col) => col.notNull())
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('direction', text)
				.addColumn('type', text, (col) => col.notNull())
				.addColumn('status', text, (col) => col.notNull())
				.addColumn('preview', 'integer', (col) => col.notNull())
				.addColumn('started_at', text, (col) => col.notNull())
				.addColumn('started_ms', 'bigint', (col) => col.notNull())
				.addColumn('finished_at', text)
				.addColumn('finished_ms', 'bigint')
				.addColumn('message', text, (col) => col.notNull())
				.addColumn('counters', text, (col) => col.notNull())
				.addColumn('requests', text, (col) => col.notNull())
				.addColumn('writes', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('job_pk', ['connection_key', 'id'])
				.execute();
			await db.schema.createIndex('job_newest').on('job').columns(['connection_key', 'started_ms', 'id']).execute();
			await db.schema.createIndex('job_mapping').on('job').columns(['connection_key', 'mapping', 'started_ms', 'id']).execute();
			await db.schema.createIndex('job_finished').on('job').columns(['connection_key', 'finished_ms']).execute();

			await owned(withCounter(db.schema.createTable('log_entry'), 'seq'))
				.addColumn('job_id', text, (col) => col.notNull())
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('direction', text)
				.addColumn('kind', text, (col) => col.notNull())
				.addColumn('error_class', text)
				.addColumn('code', text, (col) => col.notNull())
				.addColumn('message', text, (col) => col.notNull())
				.addColumn('hint', text, (col) => col.notNull())
				.addColumn('bc_id', text)
				.addColumn('business_central', text)
				.addColumn('crm_id', text)
				.addColumn('crm', text)
				.addColumn('fields', text, (col) => col.notNull())
				.addColumn('attempts', 'integer', (col) => col.notNull())
				.addColumn('skipped', 'integer', (col) => col.notNull())
				.addColumn('at', text, (col) => col.notNull())
				.addColumn('at_ms', 'bigint', (col) => col.notNull())
				.execute();
			await db.schema.createIndex('log_newest').on('log_entry').columns(['connection_key', 'at_ms', 'seq']).execute();
			await db.schema.createIndex('log_mapping').on('log_entry').columns(['connection_key', 'mapping', 'at_ms', 'seq']).execute();
			await db.schema.createIndex('log_job').on('log_entry').columns(['connection_key', 'job_id', 'error_class']).execute();
			await db.schema.createIndex('log_bc').on('log_entry').columns(['connection_key', 'bc_id']).execute();
			await db.schema.createIndex('log_crm').on('log_entry').columns(['connection_key', 'crm_id']).execute();
		},
	};
};
