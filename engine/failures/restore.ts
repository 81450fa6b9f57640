import { loadMappings } from '../defaults/catalog';
import { sessionFor } from '../overlay/previewOf';
import { restoreDependents } from './restoreDependents';
import type { SyncSession } from '../ports/session';
import { synchronizeMapping } from '../sync/run/synchronize';
import { lookAgain, outcomesOfRun, result, select } from './selected';
import { idOn, survivorOf } from './state';
import type { ActionResult, FailureSelectionRequest } from './types';
import type { JobResult } from '../jobs/jobResult';
import { directionFrom } from '../model/direction';

/**
 * Where exactly one record of a couple is missing, it is created again from the other one: with its number where the service takes it, with what it had,
 * and with the records that went with it (contacts, units, prices). A mixed selection gives one job for each direction, and one for each table
 * that something was created again in.
 */
export async function restoreRecords(given: SyncSession, request: FailureSelectionRequest): Promise<ActionResult> {
	const session = sessionFor(given, request.preview);
	const { mapping, ready, settled } = await select(session, request, 'restore');
	const jobs: JobResult[] = [];
	for (const side of ['businessCentral', 'crm'] as const) {
		const group = new Map([...ready].filter(([, state]) => survivorOf(state) === side));
		if (group.size === 0) continue;
		const mappings = await loadMappings(session);
		const records = { mapping, mappings, side, couplings: [...group.values()].flatMap(({ coupling }) => coupling ?? []) };
		const first = await restoreDependents(session, records, true);
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
		const outcomes = outcomesOfRun(session, group, side, job!, 'restored');
		for (const record of outcomes) settled.set(record.id, record);
		const done = outcomes.flatMap(({ id, outcome }) => (outcome === 'restored' ? (group.get(id)?.coupling ?? []) : []));
		const then = await restoreDependents(session, { ...records, couplings: done }, false);
		jobs.push(...first.jobs, withLeft(job!, then.left), ...then.jobs);
		await lookAgain(session, mapping, side, group, settled);
	}
	return result(request, settled, jobs);
}

const withLeft = (job: JobResult, left: readonly string[]): JobResult =>
	left.length === 0 ? job : { ...job, warnings: [...job.warnings, `Not created again: ${left.join('; ')}.`] };
