import { postgresFields, postgresOptions } from './postgresOptions';
import { openPostgresStore, openSqliteStore, storeLocation, systemClock, type SyncStore } from './engine';
import type { NodeContext } from './connection';

/** The PostgreSQL of the credential, where one is attached; otherwise the embedded store, a file in n8n's user folder. */
export async function openStore(context: NodeContext, connectionId: string): Promise<SyncStore> {
	if (!context.getNode().credentials?.syncStorePostgresApi) {
		return await openSqliteStore({ file: storeLocation(), connectionId, clock: systemClock });
	}
	const fields = postgresFields.parse(await context.getCredentials('syncStorePostgresApi'));
	return await openPostgresStore({ connection: postgresOptions(fields), schema: fields.schema, connectionId, clock: systemClock });
}
