import { type CoupledPair, idOn } from '../../model/coupling';
import type { SystemRecord } from '../../model/record';
import { tableOn } from '../../model/tableMapping';
import { idsInside } from '../../mapping/filters/reading';
import type { ComparisonRun } from './comparisonRun';
import { type ComparedSide, judge, type Judged } from './overlooked';
import { filterOf } from './walk';

/** What asking for the records of couples by their ids has told. */
export interface AskedFor extends Judged {
	/** Couples whose record of the side is gone. */
	gone: CoupledPair[];
}

/**
 * Asks for the records of couples: mostly one question tells that they exist, in which version, and that they are inside the filter. Those it does not
 * show are asked for once more without the filter; gone is only what the service says is gone. The others are told of as outside the filter.
 */
export async function askByIds(of: ComparedSide, pairs: readonly CoupledPair[]): Promise<AskedFor> {
	const { run, side } = of;
	const { session, mapping } = run;
	const table = tableOn(mapping, side);
	const filter = await filterOf(session, mapping, side);
	const ids = pairs.map((pair) => idOn(pair, side));
	const isExact = filter.odata !== null || filter.accepts !== null;
	// Values of pages and choices have no versions that would say more than that they are there.
	const bare = table.page !== undefined || table.choice !== undefined;
	const records = bare && !isExact ? new Map<string, SystemRecord>() : await idsInside(session[side], table, ids, [], filter);
	const rest = ids.filter((id) => !records.has(id));
	const there = rest.length > 0 ? await session[side].existing(table, rest) : new Set<string>();
	if (isExact && there.size > 0) await leftFilter(run, of, pairs, there);
	const judged = bare ? { requeued: [], marks: [] } : await judge(of, [...records.values()]);
	return { ...judged, gone: pairs.filter((pair) => !records.has(idOn(pair, side)) && !there.has(idOn(pair, side))) };
}

const leftFilter = (run: ComparisonRun, { side }: ComparedSide, pairs: readonly CoupledPair[], there: ReadonlySet<string>): Promise<void> =>
	run.left(
		side,
		pairs.filter((pair) => there.has(idOn(pair, side))),
	);
