import type { SystemRecord } from '../../model/record';
import type { ImportContext } from './importContext';
import { eligibleFilter } from './readOrders';
import { settleDeleted } from './settleDoubts';
import { CRM_ORDERS, HAND_OVER } from './tables';

/**
 * Ids of the orders that are to be imported, the oldest first, a page at a time; and before them those whose creation was left in doubt, whatever has become
 * of them in CRM since. Listed by their versions, so that an order that leaves the list while it is gone through hides no other.
 */
export async function* eligibleIds(context: ImportContext, pageSize: number): AsyncGenerator<{ found: string[]; missing: string[] }> {
	const { session, run, intents } = context;
	const doubtful = [...intents.keys()];
	if (doubtful.length > 0) {
		const there = await session.crm.existing(CRM_ORDERS, doubtful);
		if (!context.preview)
			await settleDeleted(
				context,
				doubtful.filter((id) => !there.has(id)),
			);
		yield* pages(
			doubtful.filter((id) => there.has(id)),
			pageSize,
		);
	}
	let from: string | null = null;
	do {
		const page = await session.crm.readVersions({
			table: CRM_ORDERS,
			fields: [HAND_OVER, 'createdon'],
			filter: eligibleFilter(run.companyRowId),
			from,
		});
		const due = page.records.filter((row) => isEligible(row) && !intents.has(row.id)).sort(byAge);
		yield* pages(
			due.map(({ id }) => id),
			pageSize,
		);
		from = page.next;
	} while (from !== null);
}

/** Decided once more on the day itself: a filter on a date and time may take a day beside it along. */
function isEligible({ values }: SystemRecord): boolean {
	const stamp = values[HAND_OVER];
	return typeof stamp !== 'string' || stamp === '' || stamp.slice(0, 10) === '1900-01-01';
}

const byAge = (a: SystemRecord, b: SystemRecord): number =>
	(a.createdAt ?? '') < (b.createdAt ?? '') ? -1 : (a.createdAt ?? '') > (b.createdAt ?? '') ? 1 : a.id < b.id ? -1 : 1;

function* pages(ids: readonly string[], size: number): Generator<{ found: string[]; missing: string[] }> {
	for (let start = 0; start < ids.length; start += size) yield { found: ids.slice(start, start + size), missing: [] };
}
