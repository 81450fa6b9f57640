import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** What triggers know: of themselves and of each mapping, what webhooks told, and where these are registered. Of this n8n alone: it does not travel. */
export const trigger = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			const table = (name: string) =>
				db.schema
					.createTable(name)
					.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
					.addColumn('trigger_id', text, (col) => col.notNull());
			await table('trigger_state')
				.addColumn('state', text, (col) => col.notNull())
				.addColumn('alive_ms', 'bigint', (col) => col.notNull())
				.addPrimaryKeyConstraint('trigger_state_pk', ['connection_key', 'trigger_id'])
				.execute();
			await table('trigger_mapping')
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('state', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('trigger_mapping_pk', ['connection_key', 'trigger_id', 'mapping'])
				.execute();
			await table('trigger_signal')
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('side', text, (col) => col.notNull())
				.addColumn('signals', 'integer', (col) => col.notNull())
				.addColumn('first_ms', 'bigint', (col) => col.notNull())
				.addColumn('last_ms', 'bigint', (col) => col.notNull())
				.addPrimaryKeyConstraint('trigger_signal_pk', ['connection_key', 'trigger_id', 'mapping', 'side'])
				.execute();
			await table('trigger_subscription')
				.addColumn('side', text, (col) => col.notNull())
				.addColumn('resource', text, (col) => col.notNull())
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('remote_id', text)
				.addColumn('etag', text)
				.addColumn('url', text, (col) => col.notNull())
				.addColumn('secret_hash', text, (col) => col.notNull())
				.addColumn('expires_ms', 'bigint')
				.addColumn('handshake_until_ms', 'bigint')
				.addColumn('last_told_ms', 'bigint')
				.addColumn('last_error', text)
				.addPrimaryKeyConstraint('trigger_subscription_pk', ['connection_key', 'trigger_id', 'side', 'resource'])
				.execute();
		},
	};
};
