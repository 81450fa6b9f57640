import type { TableMapping } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { synchronizeMapping } from '../sync/run/synchronize';
import { directionOf, directionsByStrategy } from './initialSync';
import type { Side } from '../model/side';
import type { PassDirection } from '../model/direction';
import type { Coupling } from '../model/coupling';
import type { JobResult } from '../jobs/jobResult';

export interface FollowUpOptions {
	preview: boolean;
	returnFailures: number;
}

/** Partners for records that found none, one job for all. `created`: the new couplings by record; null in a preview. */
export async function createPartners(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	direction: PassDirection,
	ids: readonly string[],
	{ preview, returnFailures }: FollowUpOptions,
): Promise<{ result: JobResult; created: Map<string, Coupling | null> }> {
	const [result] = await synchronizeMapping(session, {
		mapping: mapping.name,
		nothingCoupled: 'allowed',
		direction,
		selected: { side, ids, outsideFilter: true },
		createUncoupled: true,
		preview,
		returnFailures,
	});
	const now = preview ? new Map<string, Coupling>() : await session.store.couplingsOf(mapping.name, side, ids);
	const failed = new Set(result!.failed.map((record) => record[side]?.id));
	const created = new Map<string, Coupling | null>();
	for (const id of ids) {
		const coupling = now.get(id);
		if (coupling || (preview && !failed.has(id))) created.set(id, coupling ?? null);
	}
	return { result: result!, created };
}

/** Only what was just coupled is synchronized. */
export async function synchronizeCoupled(
	session: SyncSession,
	mapping: TableMapping,
	after: 'send' | 'get' | 'byStrategy',
	couplings: readonly Coupling[],
	{ preview, returnFailures }: FollowUpOptions,
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
			preview,
			returnFailures,
		});
		results.push(...done);
		if (done.some(({ job }) => job.status !== 'finished')) break;
	}
	return results;
}
