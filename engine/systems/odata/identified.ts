import type { Connection } from './connection';
import { noVersionError } from './errors';
import type { SystemRecord } from '../../model/record';

/**
 * The records, each of which says who it is and in which state. Without a version every state would look like the one before, and edits would
 * be lost unnoticed.
 * @throws SyncError `BC_NO_VERSION`, `CRM_NO_VERSION` (setup)
 */
export function identified(records: SystemRecord[], connection: Connection, table: string): SystemRecord[] {
	if (records.some(({ id, version }) => id === '' || version === '')) throw noVersionError(connection.context(true, table));
	return records;
}
