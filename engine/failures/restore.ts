import { sessionFor } from '../overlay/previewOf';
import type { SyncSession } from '../ports/session';
import { synchronizeMapping } from '../sync/run/synchronize';
import { lookAgain, outcomesOfRun, result, select } from './selected';
import { idOn, survivorOf } from './state';
import type { ActionResult, FailureSelectionRequest } from './types';
import type { JobResult } from '../jobs/jobResult';
import { directionFrom } from '../model/direction';

/**
 * Where exactly one record of a couple is missing, it is created anew from the other one — with a new id and number — and the
 * two are coupled. A mixed selection gives one job for each direction.
 */
export async function restoreRecords(given: SyncSession, request: FailureSelectionRequest): Promise<ActionResult> {
	const session = sessionFor(given, request.preview);
	const { mapping, ready, settled } = await select(session, request, 'restore');
	const jobs: JobResult[] = [];
	for (const side of ['businessCentral', 'crm'] as const) {
		const group = new Map([...ready].filter(([, state]) => survivorOf(state) === side));
		if (group.size === 0) continue;
		const [job] = await synchronizeMapping(session, {
			mapping: mapping.name,
			nothingCoupled: 'allowed',
			direction: directionFrom(side),
			selected: { side, ids: [...group.values()].map((state) => idOn(state, side)), outsideFilter: true },
			deletion: 'restore',
			consented: ['create'],
			returnChanges: group.size,
			returnFailures: group.size,
		});
		jobs.push(job!);
		for (const record of outcomesOfRun(session, group, side, job!, 'restored')) settled.set(record.id, record);
		await lookAgain(session, mapping, side, group, settled);
	}
	return result(request, settled, jobs);
}
