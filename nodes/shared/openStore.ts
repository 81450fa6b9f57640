import type { NodeContext } from './connection';
import {
	type ConnectionIdentity,
	openPostgresStore,
	openSqliteStore,
	refuseInQueueMode,
	stateFile,
	type SyncStore,
	systemClock,
} from '../../engine';
import { postgresFields, postgresSettings } from './postgresOptions';

/**
 * The PostgreSQL of the credential, where one is attached; otherwise the embedded store, a file in n8n's user folder.
 * @throws SyncError of system `store`; in n8n's queue mode also when no PostgreSQL is attached
 */
export async function openStore(context: NodeContext, connection: ConnectionIdentity): Promise<SyncStore> {
	if (!context.getNode().credentials?.syncStorePostgresApi) {
		refuseInQueueMode();
		return await openSqliteStore({ file: stateFile(), connection, clock: systemClock });
	}
	const fields = postgresFields.parse(await context.getCredentials('syncStorePostgresApi'));
	return await openPostgresStore({ ...postgresSettings(fields), connection, clock: systemClock });
}
