import { sessionFor } from '../overlay/previewOf';
import type { SyncSession } from '../ports/session';
import { synchronizeMapping } from '../sync/run/synchronize';
import { lookAgain, outcomesOfRun, result, select } from './selected';
import { idOn } from './state';
import type { ActionResult, FailureSelectionRequest } from './types';
import type { Side } from '../model/side';
import { directionFrom } from '../model/direction';

export interface SynchronizeWithSideRequest extends FailureSelectionRequest {
	/** Whose values win, field by field. */
	winner: Side;
	/** Overwrite any number of records; otherwise the mass-change guard stops the run. */
	allowMassChanges?: boolean;
}

/**
 * The couples are synchronized now in the direction of the losing side, whose values are overwritten field by field; each
 * value that was replaced is in the log. Fields that do not travel that way stay as they are. Skipped records are tried again in both directions.
 * A mapping that does not run that way leaves them alone, and its job says so.
 */
export async function synchronizeWithSide(given: SyncSession, request: SynchronizeWithSideRequest): Promise<ActionResult> {
	const session = sessionFor(given, request.preview);
	const { mapping, ready, settled } = await select(session, request, 'synchronize');
	if (ready.size === 0) return result(request, settled, []);
	const { winner } = request;
	const [job] = await synchronizeMapping(session, {
		mapping: mapping.name,
		nothingCoupled: 'allowed',
		direction: directionFrom(winner),
		selected: { side: winner, ids: [...ready.values()].map((state) => idOn(state, winner)), outsideFilter: true },
		overwrite: true,
		allowMassChanges: request.allowMassChanges ?? false,
		returnChanges: ready.size,
		returnFailures: ready.size,
	});
	const done = job!.notServed ? 'leftAlone' : 'synchronized';
	for (const record of outcomesOfRun(session, ready, winner, job!, done)) settled.set(record.id, record);
	const due = [...ready].flatMap(([id, state]) => (settled.get(id)?.outcome === 'synchronized' ? state.failures : []));
	if (due.length > 0) await session.store.commit({ failuresDue: due });
	await lookAgain(session, mapping, winner, ready, settled);
	return result(request, settled, [job!]);
}
