import { findMapping, loadMappings } from '../defaults/catalog';
import type { SyncSession } from '../ports/session';
import type { CouplingView } from './types';
import { viewOf } from './view';
import type { CouplingQuery } from '../ports/storeQueries';

/**
 * Couplings, newest state first told by the store; reads no system.
 * @throws SyncError `MAPPING_UNKNOWN` (setup) for a mapping that is not there and of which no couple is known
 */
export async function listCouplings(session: SyncSession, query: CouplingQuery): Promise<{ rows: CouplingView[]; next?: string }> {
	const mappings = new Map((await loadMappings(session)).map((mapping) => [mapping.name, mapping]));
	const page = await session.store.findCouplings(query);
	// Couplings may outlast a mapping that was deleted.
	if (query.mapping !== undefined && !mappings.has(query.mapping) && !(await session.store.knowsCouples(query.mapping)))
		findMapping([...mappings.values()], query.mapping);
	return {
		rows: page.rows.map(({ failure, ...coupling }) => viewOf(session, mappings.get(coupling.mapping), coupling, failure)),
		...(page.next ? { next: page.next } : {}),
	};
}
