import type { Table } from './model';
import { metadataId } from './metadata/labels';
import type { Platform } from './platform';
import type { Changes } from './values';

const plain = ['Create', 'Update', 'Delete', 'Retrieve', 'RetrieveMultiple', 'Upsert', 'Assign', 'SetState'];
const bulk = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple'];
const mergeable = new Set(['account', 'contact', 'lead']);

export const messageIdOf = (name: string): string => metadataId('sdkmessage', name);

/**
 * The rows of `sdkmessage` and `sdkmessagefilter` every environment begins with: which messages its tables have. They are put in place when they are
 * first looked at, with the versions and stamps of the beginning.
 * Clients test bulk support with them, and steps of webhooks name them.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations ("Message availability")
 */
export function fillMessages(platform: Platform): void {
	const { db, model } = platform;
	const tables = [...model.tables.values()];
	const stamps = stampsOf(platform);
	const messages = [...new Set(tables.flatMap(messagesOf))];
	const filters = tables.reduce((sum, table) => sum + messagesOf(table).length, 0);
	const firstVersion = db.reserveVersions(messages.length + filters);
	db.fillWith('sdkmessage', () => messages.map((name, index) => ({ ...stamps, ...messageRow(name), versionnumber: firstVersion + index })));
	db.fillWith('sdkmessagefilter', () =>
		tables
			.flatMap((table) => messagesOf(table).map((name) => filterRow(table, name)))
			.map((row, index) => ({ ...stamps, ...row, versionnumber: firstVersion + messages.length + index })),
	);
}

/** The messages of a table that is added later. */
export function seedMessages(platform: Platform, table: Table): void {
	if (!platform.model.tables.has('sdkmessage')) return;
	for (const name of messagesOf(table)) {
		if (!platform.db.row('sdkmessage', messageIdOf(name))) seed(platform, 'sdkmessage', messageRow(name));
		seed(platform, 'sdkmessagefilter', filterRow(table, name));
	}
}

/** The filters of a table that is taken away go with it. */
export function removeMessages(platform: Platform, logicalName: string): void {
	for (const id of [...platform.db.store('sdkmessagefilter').having('primaryobjecttypecode', logicalName)]) {
		platform.db.beside(() => platform.db.delete('sdkmessagefilter', id));
	}
}

const messagesOf = ({ bulk: hasBulk, logicalName }: Table): string[] => [
	...plain,
	...(hasBulk ? bulk : []),
	...(mergeable.has(logicalName) ? ['Merge'] : []),
];

const messageRow = (name: string): Changes => ({ sdkmessageid: messageIdOf(name), name, isactive: true });

const filterRow = ({ logicalName }: Table, name: string): Changes => ({
	sdkmessagefilterid: metadataId('filter', logicalName, name),
	name: `${name} of ${logicalName}`,
	sdkmessageid: messageIdOf(name),
	primaryobjecttypecode: logicalName,
	iscustomprocessingstepallowed: true,
});

function stampsOf({ writer, environment }: Platform): Changes {
	const [now, user] = [writer.now(), environment.systemUserId];
	return { organizationid: environment.organizationId, createdon: now, modifiedon: now, createdby: user, modifiedby: user };
}

/** Straight into the tables: no rule has anything to add. */
function seed(platform: Platform, table: string, values: Changes): void {
	const row = { ...stampsOf(platform), ...values, versionnumber: platform.db.nextVersion() };
	platform.db.beside(() => platform.db.put(table, String(values[`${table}id`]), row));
}
