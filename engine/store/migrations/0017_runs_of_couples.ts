import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { DialectName } from '../backend';

/** Which runs created and wrote the records of a couple, so that its history names them. Null for what was written before. */
export const runsOfCouples = (dialect: DialectName): Migration => {
	const text = dialect === 'postgres' ? sql`text collate "C"` : sql`text`;
	return {
		async up(db: Kysely<unknown>): Promise<void> {
			await db.schema.alterTable('coupling').addColumn('created_on', text).execute();
			await db.schema.alterTable('coupling').addColumn('to_crm_ms', 'bigint').execute();
			await db.schema.alterTable('coupling').addColumn('from_crm_ms', 'bigint').execute();
		},
	};
};
