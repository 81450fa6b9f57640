import type { Table } from './model';
import { metadataId } from './metadata/labels';
import type { Platform } from './platform';
import type { Changes } from './values';

const plain = ['Create', 'Update', 'Delete', 'Retrieve', 'RetrieveMultiple', 'Upsert', 'Assign', 'SetState'];
const bulk = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'];
const mergeable = new Set(['account', 'contact', 'lead']);

export const messageIdOf = (name: string): string => metadataId('sdkmessage', name);

/**
 * Rows of `sdkmessage` and `sdkmessagefilter` for a table: which messages it has. Clients test bulk support with them, and steps of webhooks name
 * them. Source: https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations ("Message availability")
 */
export function seedMessages(platform: Platform, table: Table): void {
	if (!platform.model.tables.has('sdkmessage')) return;
	const names = [...plain, ...(table.bulk ? bulk : []), ...(mergeable.has(table.logicalName) ? ['Merge'] : [])];
	for (const name of names) {
		const message = messageIdOf(name);
		if (!platform.db.row('sdkmessage', message)) seed(platform, 'sdkmessage', { sdkmessageid: message, name, isactive: true });
		seed(platform, 'sdkmessagefilter', {
			sdkmessagefilterid: metadataId('filter', table.logicalName, name),
			name: `${name} of ${table.logicalName}`,
			sdkmessageid: message,
			primaryobjecttypecode: table.logicalName,
			iscustomprocessingstepallowed: true,
		});
	}
}

/** The filters of a table that is taken away go with it. */
export function removeMessages(platform: Platform, logicalName: string): void {
	for (const id of [...platform.db.store('sdkmessagefilter').having('primaryobjecttypecode', logicalName)]) {
		platform.db.beside(() => platform.db.delete('sdkmessagefilter', id));
	}
}

/** Straight into the tables: every sandbox begins with hundreds of these, and no rule has anything to add. */
function seed(platform: Platform, table: string, values: Changes): void {
	const now = platform.writer.now();
	const user = platform.environment.systemUserId;
	const id = String(values[`${table}id`]);
	const stamps = { createdon: now, modifiedon: now, createdby: user, modifiedby: user, versionnumber: platform.db.nextVersion() };
	platform.db.beside(() => platform.db.put(table, id, { organizationid: platform.environment.organizationId, ...values, ...stamps }));
}
