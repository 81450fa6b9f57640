import type { FieldName, TableSource } from '../model/record';
import type { SyncSession } from '../ports/session';

/** What turned out to be hidden since a session began, by CRM table. */
const noticed = new WeakMap<SyncSession, Map<string, ReadonlySet<FieldName>>>();
const NONE: ReadonlySet<FieldName> = new Set();

/** CRM columns that turned out to be hidden from the user since the session began. */
export const hiddenNow = (session: SyncSession, table: TableSource): ReadonlySet<FieldName> =>
	noticed.get(session)?.get(table.name) ?? NONE;

/**
 * Looks, once in a session and table, whether column security keeps columns from the user: where values that were there read as blank, somebody may
 * have emptied them, or the user may no longer see them. What metadata said earlier in the day does not count. Costs one request, and one more for each
 * column that is secured.
 */
export async function lookForHidden(
	session: SyncSession,
	table: TableSource,
	columns: readonly FieldName[],
): Promise<ReadonlySet<FieldName>> {
	const tables = noticed.get(session) ?? new Map<string, ReadonlySet<FieldName>>();
	noticed.set(session, tables);
	const known = tables.get(table.name);
	if (known) return known;
	const hidden = new Set((await session.crm.hiddenColumns?.(table, columns, true)) ?? []);
	tables.set(table.name, hidden);
	return hidden;
}
