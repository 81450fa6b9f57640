import { isOptionMapping } from '../mapping/optionMapping';
import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { dependenciesOf } from './chosen';
import { countRecords, hasNothing } from './counts';
import type { FullSyncLine } from '../model/fullSync';

/**
 * Mappings that have to be synchronized before this one, and have not been. A mapping is satisfied when it was run to the end (also with
 * failed records), has couplings from before, or has no records at all. No mapping waits for an option mapping: codes also cross by label.
 * @param done whether a mapping of the current run was run to the end; undefined for those that do not take part
 */
export async function missingDependencies(
	session: SyncSession,
	mapping: TableMapping,
	all: readonly TableMapping[],
	lines: ReadonlyMap<string, FullSyncLine>,
	done: (name: string) => boolean | undefined,
): Promise<string[]> {
	const missing: string[] = [];
	for (const name of dependenciesOf(mapping, all)) {
		if (isOptionMapping(all.find((each) => each.name === name)!)) continue;
		const ran = done(name);
		if (ran === true) continue;
		if (ran === false) missing.push(name);
		else if (
			!(await isSatisfied(
				session,
				all.find((each) => each.name === name)!,
				lines,
			))
		)
			missing.push(name);
	}
	return missing;
}

async function isSatisfied(session: SyncSession, mapping: TableMapping, lines: ReadonlyMap<string, FullSyncLine>): Promise<boolean> {
	if (lines.get(mapping.name)?.status === 'finished') return true;
	if ((await session.store.countCouplings(mapping.name)) > 0) return true;
	return hasNothing(mapping, await countRecords(session, mapping));
}
