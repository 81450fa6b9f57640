import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** Where each mapping stands in the changes that a service itself notes of a table. Of this environment and this state alone: it does not travel. */
export const changeTokens = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('change_token')
				.addColumn('connection_key', 'bigint', (col) => col.notNull().references('connection.connection_key').onDelete('cascade'))
				.addColumn('mapping', text, (col) => col.notNull())
				.addColumn('side', text, (col) => col.notNull())
				.addColumn('scope', text, (col) => col.notNull())
				.addColumn('link', text, (col) => col.notNull())
				.addColumn('state', text, (col) => col.notNull())
				.addPrimaryKeyConstraint('change_token_pk', ['connection_key', 'mapping', 'side'])
				.execute();
		},
	};
};
