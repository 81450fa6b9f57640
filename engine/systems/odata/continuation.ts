import type { Connection } from './connection';
import { foreignLinkError } from './errors';

/**
 * A link to a further page that was kept, or came with a page, once it is certain that it leads to the same table of the same service: it is followed
 * with the credential.
 * @param set name of the entity set that is being read
 * @throws SyncError `BC_FOREIGN_NEXT_LINK`, `CRM_FOREIGN_NEXT_LINK` (setup)
 */
export function continuation(connection: Connection, link: string, set: string, table: string): string {
	connection.assertOwn(link, table);
	const last = new URL(link).pathname.split('/').at(-1) ?? '';
	if (decodeURIComponent(last).toLowerCase() !== set.toLowerCase()) throw foreignLinkError(link, connection.context(true, table));
	return link;
}
