import type { Dependents } from '../../mapping/rules';
import type { TableMapping } from '../../model/tableMapping';
import { type PassDirection, sourceSide } from '../../model/direction';
import type { RequeuedRecord, RequeueReason } from '../../model/requeued';
import type { Coupling } from '../../model/coupling';
import type { SyncSession } from '../../ports/session';
import type { PassContext } from '../contract/passContext';

export interface DependentsScope {
	session: SyncSession;
	mappings: ReadonlyMap<string, TableMapping>;
}

/**
 * Coupled records that are to take their place again in the next pass of that direction. None where their mapping does not go there, or is not in
 * use.
 */
export async function requeueDependents(
	{ session, mappings }: DependentsScope,
	{ mapping, ids, fields }: Dependents,
	direction: PassDirection,
	reason: RequeueReason = 'partnerChanged',
): Promise<RequeuedRecord[]> {
	const table = mappings.get(mapping);
	if (!table?.enabled || (table.direction !== 'bidirectional' && table.direction !== direction) || ids.length === 0) return [];
	const coupled = await session.store.couplingsOf(mapping, sourceSide(direction), ids);
	const since = new Date(session.clock.now()).toISOString();
	const own = fields.filter((key) => table.fields.some((field) => field.key === key && field.enabled));
	return [...coupled.keys()].map((sourceId) => ({
		...{ mapping, direction, sourceId, reason },
		...{ fields: own, unresolved: [], sourceVersion: null, attempts: 1, since },
	}));
}

/** A couple of which one record was created again; `byHand`: because somebody asked for it. */
export interface RestoredCouple {
	coupling: Coupling;
	byHand: boolean;
}

/**
 * What depends on records that were created again takes its place again; and what was deleted with a record that somebody asked for comes back, also
 * where the one who restored it was interrupted before that.
 */
export async function requeueOfRestored(
	{ session, mappings, rules, source, direction }: PassContext,
	couples: readonly RestoredCouple[],
): Promise<RequeuedRecord[]> {
	const requeued: RequeuedRecord[] = [];
	for (const reason of ['partnerChanged', 'ownerRestored'] as const) {
		const own = couples.filter(({ byHand }) => byHand === (reason === 'ownerRestored')).map(({ coupling }) => coupling);
		if (own.length === 0 || !rules.dependents) continue;
		for (const each of await rules.dependents({ session, mappings, side: source.side }, own))
			requeued.push(...(await requeueDependents({ session, mappings }, each, direction, reason)));
	}
	return requeued;
}
