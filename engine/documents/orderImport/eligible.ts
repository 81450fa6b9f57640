import type { SystemRecord } from '../../model/record';
import type { ImportStart } from './importContext';
import { eligibleFilter } from './readOrders';
import { settleDeleted } from './settleDoubts';
import { CRM_ORDERS, HAND_OVER, ORDER_MAPPING } from './tables';

/** Orders of a page, and those that were asked for and are not there. */
export interface PageOfIds {
	found: string[];
	missing: string[];
}

/**
 * Ids of the orders that are to be imported, the oldest first, a page at a time; and before them those that earlier runs have left: whose creation is in doubt,
 * whose import has not come to its end, or which failed, whatever has become of them in CRM since. Listed by their versions, so that an order that leaves the list while it
 * is gone through hides no other.
 */
export async function* eligibleIds(context: ImportStart, pageSize: number): AsyncGenerator<PageOfIds> {
	const { session, companyRowId } = context;
	const left = await leftByEarlierRuns(context);
	const there = left.length > 0 ? await session.crm.existing(CRM_ORDERS, left) : new Set<string>();
	if (!context.preview)
		await settleDeleted(
			context,
			left.filter((id) => !there.has(id)),
		);
	yield* pages(
		left.filter((id) => there.has(id)),
		pageSize,
	);
	const known = new Set(left);
	let from: string | null = null;
	do {
		const page = await session.crm.readVersions({
			table: CRM_ORDERS,
			fields: [HAND_OVER, 'createdon'],
			filter: eligibleFilter(companyRowId),
			from,
		});
		const due = page.records.filter((row) => isEligible(row) && !known.has(row.id)).sort(byAge);
		yield* pages(
			due.map(({ id }) => id),
			pageSize,
		);
		from = page.next;
	} while (from !== null);
}

/** Few: a run that is not interrupted leaves none. */
async function leftByEarlierRuns({ session, intents, report }: ImportStart): Promise<string[]> {
	const left = new Set([...intents.keys(), ...report.failedBefore]);
	let next: string | undefined;
	do {
		const page = await session.store.listDocuments({ mapping: ORDER_MAPPING, stage: 'open', limit: 500, ...(next ? { next } : {}) });
		for (const { crmId } of page.rows) left.add(crmId);
		next = page.next;
	} while (next);
	return [...left];
}

/** Decided once more on the day itself: a filter on a date and time may take a day beside it along. */
function isEligible({ values }: SystemRecord): boolean {
	const stamp = values[HAND_OVER];
	return typeof stamp !== 'string' || stamp === '' || stamp.slice(0, 10) === '1900-01-01';
}

const byAge = (a: SystemRecord, b: SystemRecord): number =>
	(a.createdAt ?? '') < (b.createdAt ?? '') ? -1 : (a.createdAt ?? '') > (b.createdAt ?? '') ? 1 : a.id < b.id ? -1 : 1;

function* pages(ids: readonly string[], size: number): Generator<PageOfIds> {
	for (let start = 0; start < ids.length; start += size) yield { found: ids.slice(start, start + size), missing: [] };
}
