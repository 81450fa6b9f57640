import type { Side } from '../../model/side';
import type { TableMapping } from '../../model/tableMapping';
import type { VersionComparison } from '../../model/comparison';
import type { SyncSession } from '../../ports/session';

export const DEFAULT_CHECK_MINUTES = 1440;

/** Whether a run that leaves it to the mapping would compare versions now. */
export const isComparisonDue = async (session: SyncSession, mapping: TableMapping, side: Side): Promise<boolean> =>
	isDue(session, mapping, await session.store.comparison(mapping.name, side));

/** The interval of a mapping begins with its first run. */
export function isDue(session: SyncSession, mapping: TableMapping, comparison: VersionComparison | null): boolean {
	if (!comparison) return false;
	// One that was interrupted, or did not come to its end in one run, goes on.
	if (comparison.phase !== null || comparison.checkedAt === null) return true;
	const minutes = mapping.deletionCheckMinutes ?? DEFAULT_CHECK_MINUTES;
	const since = Date.parse(comparison.checkedAt);
	// A time of the future was noted under a clock that was ahead: it says nothing.
	return since > session.clock.now() || session.clock.now() - since >= minutes * 60_000;
}
