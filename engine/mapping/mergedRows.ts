import { SyncError } from '../model/errors';
import type { FieldName, SystemRecord, TableSource } from '../model/record';
import type { SyncSession } from '../ports/session';

/** Columns that tell of a merge; `masterid` is the row that the merged one went into. */
export const MERGE_COLUMNS: readonly FieldName[] = ['merged', 'masterid'];

/** Tables whose rows people can merge ("Merge two rows" of the Dataverse Web API). */
const MERGEABLE: ReadonlySet<string> = new Set(['account', 'contact', 'lead', 'incident']);

/** Whether rows of the table may have been merged, as far as its name tells; metadata says whether the columns are there. */
export const mayBeMerged = ({ name, choice }: TableSource): boolean => choice === undefined && MERGEABLE.has(name);

/** The columns of a CRM table that tell of a merge; none where it has none. Costs no request while the table was seen within a day. */
export async function mergeColumnsOf({ crm }: SyncSession, table: TableSource): Promise<readonly FieldName[]> {
	if (!mayBeMerged(table)) return [];
	try {
		return (await crm.absentColumns(table, MERGE_COLUMNS)).length === 0 ? MERGE_COLUMNS : [];
	} catch (error) {
		// Metadata that may not be read: the tables named above have them.
		if (error instanceof SyncError && error.httpStatus === 403) return MERGE_COLUMNS;
		throw error;
	}
}

/** Somebody merged the row into another one: it is inactive for good, and nothing is to be written to it. */
export const isMerged = ({ values }: SystemRecord): boolean => values['merged'] === true;

export const masterOf = ({ values }: SystemRecord): string | null => {
	const master = values['masterid'];
	return typeof master === 'string' ? master.toLowerCase() : null;
};

/** Rows merged into rows that were merged since: more than so many in a row nobody follows. */
const MOST = 10;

/** The rows that merged ones live on in, by the id of the merged row; rows that went into one which is gone are left out. */
export async function survivorsOf(
	session: SyncSession,
	table: TableSource,
	merged: readonly SystemRecord[],
): Promise<Map<string, SystemRecord>> {
	const survivors = new Map<string, SystemRecord>();
	const names = await mergeColumnsOf(session, table);
	let open = new Map(merged.flatMap((row) => (masterOf(row) === null ? [] : [[row.id, masterOf(row)!] as const])));
	for (let step = 0; open.size > 0 && step < MOST; step++) {
		const masters = await session.crm.readByIds(table, [...new Set(open.values())], names);
		const next = new Map<string, string>();
		for (const [id, masterId] of open) {
			const master = masters.get(masterId);
			if (!master) continue;
			const further = isMerged(master) ? masterOf(master) : null;
			if (!isMerged(master)) survivors.set(id, master);
			else if (further !== null) next.set(id, further);
		}
		open = next;
	}
	return survivors;
}
