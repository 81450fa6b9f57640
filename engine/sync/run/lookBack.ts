import { sourceSide, type PassDirection } from '../../model/direction';
import { type Side, SIDES } from '../../model/side';
import type { TableMapping } from '../../model/tableMapping';
import { isComparisonDue } from '../comparison/due';
import { dueOf } from '../pass/due';
import type { PassContext } from '../contract/passContext';
import type { PassRange } from '../contract/passRange';
import { type LookedAt, requireNotRestored } from '../restored/requireNotRestored';
import type { Run } from './openPass';

/**
 * Asks, before the first direction of a run writes anything, whether one of the systems was put back to an earlier state. Records that a person
 * named are left to what the person wants. A side that the run only writes to is looked at when its versions are compared, which must not
 * take what a restore took away for deletions.
 * @throws SyncError `RESTORED` (setup)
 */
export async function lookBack(
	run: Run,
	mapping: TableMapping,
	open: (direction: PassDirection) => Promise<PassContext>,
	rangeOf: (context: PassContext) => Promise<PassRange>,
): Promise<void> {
	const { session, request, directions, ahead } = run;
	if (request.selected || request.restored) return;
	const sides: LookedAt[] = [];
	for (const direction of directions) {
		const context = await open(direction);
		sides.push({ side: sourceSide(direction), terms: (await dueOf(context, await rangeOf(context))).terms });
	}
	const searched = await sidesToSearch(run, mapping);
	for (const side of searched) if (!sides.some((each) => each.side === side)) sides.push({ side, terms: null });
	await requireNotRestored(session, mapping, { sides, mayWrite: searched.length > 0 || (await leftToDo(run, mapping)) }, ahead);
}

/** Sides on which the run is going to compare versions, and so to look for deleted records. */
async function sidesToSearch({ session, request }: Run, mapping: TableMapping): Promise<readonly Side[]> {
	if (request.findDeleted === 'off') return [];
	if (request.findDeleted === 'now') return SIDES;
	const due: Side[] = [];
	for (const side of SIDES) if (await isComparisonDue(session, mapping, side)) due.push(side);
	return due;
}

/** Whether the run has something to do besides what changed and was deleted: records that earlier runs left, new couplings. */
async function leftToDo({ session: { store }, request }: Run, mapping: TableMapping): Promise<boolean> {
	if (request.fromStart || request.force) return true;
	if ((await store.countFailures(mapping.name)).failed > 0 || (await store.countRequeued(mapping.name)).length > 0) return true;
	return (await store.findCouplings({ mapping: mapping.name, state: 'pending', limit: 1 })).rows.length > 0;
}
