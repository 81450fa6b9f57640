import { type TableMapping, filterOn, tableOn } from '../../model/tableMapping';
import type { Side } from '../../model/side';
import type { SyncSession } from '../../ports/session';
import { companyRowOf } from '../../mapping/companyIdentity';
import { sideFilter, type SideFilter } from '../../mapping/filter';
import { inside } from '../../mapping/filters/reading';
import type { VersionPage } from '../../ports/recordSystem';
import type { SystemRecord } from '../../model/record';
import { isLinkLost } from '../reading/linkLost';
import type { ComparisonRun } from './comparisonRun';

/** The filter of a side, as the service is asked for it. */
export async function filterOf(session: SyncSession, mapping: TableMapping, side: Side): Promise<SideFilter> {
	return sideFilter(filterOn(mapping, side), side, await companyRowOf(session, mapping), tableOn(mapping, side));
}

/**
 * The next page of a walk over the records that the filter of a side selects.
 * @param position a page's `next`; empty for the first page
 * @throws WalkLost where the service does not know the link (any more)
 */
export async function walkedPage(
	run: ComparisonRun,
	side: Side,
	position: string,
): Promise<{ records: SystemRecord[]; next: string | null }> {
	const { session, mapping } = run;
	const table = tableOn(mapping, side);
	const filter = await filterOf(session, mapping, side);
	// Fields of companion pages are read by `inside`.
	const fields = filter.fields.filter((field) => !field.includes('/'));
	let page: VersionPage;
	try {
		page = await session[side].readVersions({ table, fields, filter: filter.odata, from: position === '' ? null : position });
	} catch (error) {
		if (position !== '' && isLinkLost(error)) throw new WalkLost();
		throw error;
	}
	return { records: [...(await inside(session[side], table, page.records, filter))], next: page.next };
}

/** A walk that cannot go on where it stood: it begins anew. */
export class WalkLost extends Error {}
