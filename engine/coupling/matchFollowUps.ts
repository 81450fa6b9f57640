import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { synchronizeMapping } from '../sync/run/synchronize';
import { directionOf, directionsByStrategy } from './initialSync';
import { type PassDirection, sourceSide } from '../model/direction';
import type { Coupling } from '../model/coupling';
import type { JobResult } from '../jobs/jobResult';

/** Partners for records that found none, one job for all. `created`: the new couplings by record. */
export async function createPartners(
	session: SyncSession,
	mapping: TableMapping,
	direction: PassDirection,
	ids: readonly string[],
	returnFailures: number,
): Promise<{ result: JobResult; created: Map<string, Coupling> }> {
	const side = sourceSide(direction);
	const [result] = await synchronizeMapping(session, {
		mapping: mapping.name,
		nothingCoupled: 'allowed',
		direction,
		selected: { side, ids, outsideFilter: true },
		createUncoupled: true,
		consented: ['create', 'replace'],
		returnFailures,
	});
	return { result: result!, created: await session.store.couplingsOf(mapping.name, side, ids) };
}

/** Only what was just coupled is synchronized. */
export async function synchronizeCoupled(
	session: SyncSession,
	mapping: TableMapping,
	after: 'send' | 'get' | 'byStrategy',
	couplings: readonly Coupling[],
	returnFailures: number,
): Promise<JobResult[]> {
	const directions = after === 'byStrategy' ? directionsByStrategy(mapping) : [directionOf(after)];
	const results: JobResult[] = [];
	for (const direction of directions) {
		const selected =
			direction === 'toCrm'
				? { side: 'businessCentral' as const, ids: couplings.map(({ bcId }) => bcId) }
				: { side: 'crm' as const, ids: couplings.map(({ crmId }) => crmId) };
		const done = await synchronizeMapping(session, {
			mapping: mapping.name,
			nothingCoupled: 'allowed',
			direction,
			selected,
			createUncoupled: false,
			// The couples stand, and asked for once more they would not be matched again: the next run delivers them.
			followsUp: true,
			consented: ['replace'],
			returnFailures,
		});
		results.push(...done);
		if (done.some(({ job }) => job.status !== 'finished')) break;
	}
	return results;
}
