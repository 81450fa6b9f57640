import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** What Business Central was seen to offer, for a day. Of this environment alone: it does not travel. */
export const surfaceOffers = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema
				.createTable('surface_offer')
				.addColumn('connection_key', 'bigint', (col) =>
					col.notNull().primaryKey().references('connection.connection_key').onDelete('cascade'),
				)
				.addColumn('environment', text, (col) => col.notNull())
				.addColumn('seen_ms', 'bigint', (col) => col.notNull())
				.addColumn('offer', text, (col) => col.notNull())
				.execute();
		},
	};
};
