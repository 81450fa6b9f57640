import { type SyncError } from '../../model/errors';
import { isForeign } from '../../mapping/companyOfRow';
import { isMerged, survivorsOf } from '../../mapping/mergedRows';
import { rowMerged, rowOfOtherCompany } from './closedErrors';
import type { PageRecord } from '../record/pageRecord';
import type { PassContext } from '../contract/passContext';
import type { TableMapping } from '../../model/tableMapping';
import type { SystemRecord } from '../../model/record';
import type { WorkItem } from '../contract/workItem';

type Known = Pick<PassContext, 'session' | 'settings' | 'companyRowId'> & { mapping: TableMapping };

/**
 * Rows of CRM that nothing is written to and nothing is taken from, with the reason, by id: they were given to another company, or merged into
 * another row. Costs requests only where there are such rows.
 */
export async function closedRows(context: Known, rows: readonly SystemRecord[]): Promise<Map<string, SyncError>> {
	const { session, mapping } = context;
	const closed = new Map<string, SyncError>();
	const merged = rows.filter(isMerged);
	if (merged.length > 0) {
		const survivors = await survivorsOf(session, mapping.crm, merged);
		const holders = await session.store.couplingsOf(
			mapping.name,
			'crm',
			[...survivors.values()].map(({ id }) => id),
		);
		for (const row of merged) {
			const survivor = survivors.get(row.id) ?? null;
			closed.set(row.id, rowMerged(row, survivor, survivor ? (holders.get(survivor.id) ?? null) : null));
		}
	}
	for (const row of rows) if (!closed.has(row.id) && isForeign(context, row)) closed.set(row.id, rowOfOtherCompany(row));
	return closed;
}

/** Fails the couples whose row of CRM, where it was read, is closed; answers the others. */
export async function withoutClosed(context: PassContext, items: readonly WorkItem[], page: PageRecord): Promise<WorkItem[]> {
	const rowOf = ({ source, partner }: WorkItem): SystemRecord | null =>
		context.source.side === 'crm' ? source : typeof partner === 'string' ? null : partner;
	const closed = await closedRows(
		context,
		items.flatMap((item) => rowOf(item) ?? []),
	);
	if (closed.size === 0) return [...items];
	return items.filter((item) => {
		const error = closed.get(rowOf(item)?.id ?? '');
		if (error) page.fail(item, error, []);
		return !error;
	});
}
