import { idsInside } from '../../mapping/filters/reading';
import type { Failure } from '../../model/failure';
import type { PassContext } from '../contract/passContext';

/**
 * Records without a partner that failed, and that the filter leaves out by now: nobody wants a partner for them, so they are not tried, and what is known of
 * them is forgotten. Back inside they are changes like any other. What a creation in doubt is about is settled first. Answers their ids.
 */
export async function forgetOutside(
	{ session, mapping, direction, source, filter, options, lease }: PassContext,
	failures: readonly Failure[],
): Promise<ReadonlySet<string>> {
	const ids = failures.filter(({ errorCode }) => !errorCode.startsWith('INSERT_')).map(({ sourceId }) => sourceId);
	// A run that creates nothing tries none of them anyway.
	if (!options.createUncoupled || ids.length === 0) return new Set();
	const couplings = await session.store.couplingsOf(mapping.name, source.side, ids);
	const alone = ids.filter((id) => !couplings.has(id));
	if (alone.length === 0) return new Set();
	const inside = await idsInside(source.system, source.table, alone, [], filter);
	const outside = alone.filter((id) => !inside.has(id));
	const keys = outside.map((sourceId) => ({ mapping: mapping.name, direction, sourceId }));
	if (keys.length > 0) await session.store.commit({ failuresDone: keys, requeuedDone: keys }, lease);
	return new Set(outside);
}
