import { openPostgresMailbox, openSqliteMailbox, refuseInQueueMode, stateFile, type TriggerMailbox } from '../../../engine';
import type { NodeContext } from '../../shared/connection';
import { postgresFields, postgresSettings } from '../../shared/postgresOptions';

/** What of the store a request needs; no credential of either system is opened for it. */
export async function openMailbox(context: Pick<NodeContext, 'getNode' | 'getCredentials'>, trigger: string): Promise<TriggerMailbox> {
	if (!context.getNode().credentials?.syncStorePostgresApi) {
		refuseInQueueMode();
		return await openSqliteMailbox({ file: stateFile(), trigger });
	}
	const fields = postgresFields.parse(await context.getCredentials('syncStorePostgresApi'));
	return await openPostgresMailbox({ ...postgresSettings(fields), trigger });
}
