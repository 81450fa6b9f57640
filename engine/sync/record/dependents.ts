import type { Dependents } from '../../mapping/rules';
import type { TableMapping } from '../../model/tableMapping';
import { type PassDirection, sourceSide } from '../../model/direction';
import type { RequeuedRecord } from '../../model/requeued';
import type { SyncSession } from '../../ports/session';

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
): Promise<RequeuedRecord[]> {
	const table = mappings.get(mapping);
	if (!table?.enabled || (table.direction !== 'bidirectional' && table.direction !== direction) || ids.length === 0) return [];
	const coupled = await session.store.couplingsOf(mapping, sourceSide(direction), ids);
	const since = new Date(session.clock.now()).toISOString();
	const own = fields.filter((key) => table.fields.some((field) => field.key === key && field.enabled));
	return [...coupled.keys()].map((sourceId) => ({
		...{ mapping, direction, sourceId, reason: 'partnerChanged' as const },
		...{ fields: own, unresolved: [], sourceVersion: null, attempts: 1, since },
	}));
}
