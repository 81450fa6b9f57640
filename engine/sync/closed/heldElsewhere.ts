import { SyncError } from '../../model/errors';
import { bcTitle, type Coupling, idOn } from '../../model/coupling';
import { otherSide, type Side } from '../../model/side';
import { type TableMapping, tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';

/**
 * Of the records of one side those that another mapping of the same table has coupled with a record which is there, by id, with that coupling: an
 * account may belong to a customer and to a vendor. A partner nobody can ask for now counts as there.
 */
export async function heldElsewhere(
	session: SyncSession,
	mappings: Iterable<TableMapping>,
	mapping: TableMapping,
	side: Side,
	ids: readonly string[],
): Promise<Map<string, Coupling>> {
	const held = new Map<string, Coupling>();
	if (ids.length === 0) return held;
	for (const other of mappings) {
		if (other.name === mapping.name || !isSameTable(mapping, other, side)) continue;
		const couplings = [...(await session.store.couplingsOf(other.name, side, ids)).values()];
		if (couplings.length === 0) continue;
		const partners = couplings.map((coupling) => idOn(coupling, otherSide(side)));
		const there = await existing(session, tableOn(other, otherSide(side)), otherSide(side), partners);
		for (const coupling of couplings) if (there.has(idOn(coupling, otherSide(side)))) held.set(idOn(coupling, side), coupling);
	}
	return held;
}

const isSameTable = (one: TableMapping, other: TableMapping, side: Side): boolean => {
	const [here, there] = [tableOn(one, side), tableOn(other, side)];
	return here.name === there.name && here.choice === undefined && there.choice === undefined;
};

async function existing(session: SyncSession, table: TableMapping['bc'], side: Side, ids: readonly string[]): Promise<ReadonlySet<string>> {
	try {
		return await session[side].existing(table, ids);
	} catch (error) {
		if (error instanceof SyncError && error.errorClass === 'setup') return new Set(ids);
		throw error;
	}
}

/** The couple of the other mapping, as people know it. */
export const inWords = (couple: Coupling): string => `${bcTitle(couple)} – ${couple.crmName || 'its CRM record'} (${couple.mapping})`;
