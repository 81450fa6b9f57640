import { idOn } from '../../model/coupling';
import type { Pass } from './passState';

/**
 * Coupled records that the service notes as deleted. It is asked for them by id, as in a comparison of versions, for gone is only what such a read says is
 * gone; what is, is kept for the next run of the direction that deals with it, as a comparison keeps it.
 */
export async function noteDeleted({ context, duties }: Pass, ids: readonly string[]): Promise<void> {
	if (ids.length === 0 || !duties.deletedPartners) return;
	const { session, mapping, source } = context;
	const couplings = [...(await session.store.couplingsOf(mapping.name, source.side, ids)).values()];
	if (couplings.length === 0) return;
	const there = await source.system.existing(
		source.table,
		couplings.map((coupling) => idOn(coupling, source.side)),
	);
	await duties.deletedPartners.found(
		source.side,
		couplings.filter((coupling) => !there.has(idOn(coupling, source.side))),
	);
}
