import { directionFrom } from '../../model/direction';
import type { Side } from '../../model/side';
import type { TableMapping } from '../../model/tableMapping';
import type { VersionComparison } from '../../model/comparison';
import type { SyncSession } from '../../ports/session';

export const DEFAULT_CHECK_MINUTES = 1440;

/** Whether a run that leaves it to the mapping would compare versions now. */
export const isComparisonDue = async (session: SyncSession, mapping: TableMapping, side: Side): Promise<boolean> =>
	isDueOn(session, mapping, side, await session.store.comparison(mapping.name, side));

/**
 * By the interval, or because records without a partner are not known in a mapping that creates them: those that are there when it begins to are taken
 * stock of at once, so that those that come later can be told from them.
 */
export const isDueOn = (session: SyncSession, mapping: TableMapping, side: Side, comparison: VersionComparison | null): boolean =>
	isDue(session, mapping, comparison) || (comparison !== null && !comparison.knowsUncoupled && createsFrom(mapping, side));

const createsFrom = ({ onlyCoupled, direction }: TableMapping, side: Side): boolean =>
	!onlyCoupled && (direction === 'bidirectional' || direction === directionFrom(side));

/** The interval of a mapping begins with its first run. */
function isDue(session: SyncSession, mapping: TableMapping, comparison: VersionComparison | null): boolean {
	if (!comparison) return false;
	// One that was interrupted, or did not come to its end in one run, goes on.
	if (comparison.phase !== null || comparison.checkedAt === null) return true;
	const minutes = mapping.deletionCheckMinutes ?? DEFAULT_CHECK_MINUTES;
	const since = Date.parse(comparison.checkedAt);
	// A time of the future was noted under a clock that was ahead: it says nothing.
	return since > session.clock.now() || session.clock.now() - since >= minutes * 60_000;
}
