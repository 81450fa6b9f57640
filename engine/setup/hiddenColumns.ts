import type { FieldName, TableSource } from '../model/record';
import type { AsOf } from '../ports/recordSystem';
import type { SyncSession } from '../ports/session';

/** What was looked at since a session began, by CRM table: whether each column turned out to be hidden. */
interface LookedAt {
	hidden: Set<FieldName>;
	asked: Map<FieldName, AsOf>;
}
const noticed = new WeakMap<SyncSession, Map<string, LookedAt>>();
const NONE: ReadonlySet<FieldName> = new Set();

/** CRM columns that turned out to be hidden from the user since the session began. */
export const hiddenNow = (session: SyncSession, table: TableSource): ReadonlySet<FieldName> =>
	noticed.get(session)?.get(table.name)?.hidden ?? NONE;

/**
 * Looks, once in a session for each column, whether column security keeps columns from the user: where values that were there read as blank, somebody may
 * have emptied them, or the user may no longer see them. What metadata said earlier in the day does not count. Costs one request, where `asOf` is `session`
 * only if the session has not read it yet, and one more for each column that is secured.
 */
export async function lookForHidden(
	session: SyncSession,
	table: TableSource,
	columns: readonly FieldName[],
	asOf: Exclude<AsOf, 'day'>,
): Promise<ReadonlySet<FieldName>> {
	const tables = noticed.get(session) ?? new Map<string, LookedAt>();
	noticed.set(session, tables);
	const known = tables.get(table.name) ?? { hidden: new Set(), asked: new Map() };
	tables.set(table.name, known);
	const open = columns.filter((column) => !known.asked.has(column) || (asOf === 'now' && known.asked.get(column) !== 'now'));
	if (open.length > 0) {
		for (const column of (await session.crm.hiddenColumns?.(table, open, asOf)) ?? []) known.hidden.add(column);
		for (const column of open) known.asked.set(column, asOf);
	}
	return known.hidden;
}
