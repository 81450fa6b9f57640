import { type Coupling, idOn, stampOn } from '../model/coupling';
import { type Side, SIDES } from '../model/side';
import { type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { seenAgain, type SeenAgain } from '../sync/restored/seenAgain';

const PAGE = 500;

/** How both records of a couple look now. */
type Look = Readonly<Record<Side, SeenAgain | 'gone'>>;

/** A couple that a restore has touched. */
export interface Touched {
	coupling: Coupling;
	/** Sides whose record stands as it was before, or is written since on top of that. */
	putBack: readonly Side[];
	/** Sides whose record was written again after it was put back: what is old in it and what is new cannot be told apart. */
	redone: readonly Side[];
	gone: readonly Side[];
	/** Stamps of the records as they are; null of one that is gone. */
	stamps: Readonly<Record<Side, string | null>>;
}

export interface Survey {
	touched: Touched[];
	/** Sides that were put back. */
	sides: readonly Side[];
}

interface Seen {
	coupling: Coupling;
	look: Look;
	stamps: Readonly<Record<Side, string | null>>;
}

/**
 * Looks at all couples of a mapping, both records by their versions, in pages. A record that was edited counts as put back before where it was last
 * seen later than anything that still stands: the edit then lies on old values.
 */
export async function survey(session: SyncSession, mapping: TableMapping, checkpoint: () => Promise<void>): Promise<Survey> {
	const odd: Seen[] = [];
	const newestStanding: Record<Side, number> = { businessCentral: 0, crm: 0 };
	const sides = new Set<Side>();
	let next: string | undefined;
	do {
		await checkpoint();
		const page = await session.store.findCouplings({ mapping: mapping.name, limit: PAGE, ...(next ? { next } : {}) });
		next = page.next;
		for (const seen of await lookAt(session, mapping, page.rows)) {
			for (const side of SIDES) {
				const look = seen.look[side];
				if (look === 'standing') newestStanding[side] = Math.max(newestStanding[side], Date.parse(stampOn(seen.coupling, side) ?? '') || 0);
				if (look === 'rolledBack' || look === 'redone') sides.add(side);
			}
			if (SIDES.some((side) => seen.look[side] !== 'standing')) odd.push(seen);
		}
	} while (next);
	// Records that were created after all that stands, and are gone: nobody deletes in that order.
	for (const { coupling, look } of odd) {
		for (const side of SIDES) if (look[side] === 'gone' && Date.parse(coupling.coupledAt) > newestStanding[side]) sides.add(side);
	}
	const touched = odd.flatMap((seen) => touchedBy(seen, sides, newestStanding));
	return { touched, sides: SIDES.filter((side) => sides.has(side)) };
}

function touchedBy({ coupling, look, stamps }: Seen, sides: ReadonlySet<Side>, newestStanding: Readonly<Record<Side, number>>): Touched[] {
	const on = (side: Side, what: (seen: SeenAgain | 'gone') => boolean): boolean => sides.has(side) && what(look[side]);
	const later = (side: Side): boolean => (Date.parse(stampOn(coupling, side) ?? '') || 0) > newestStanding[side];
	const redone = SIDES.filter((side) => on(side, (seen) => seen === 'redone' || (seen === 'edited' && later(side))));
	const putBack = SIDES.filter((side) => on(side, (seen) => seen === 'rolledBack') || redone.includes(side));
	const gone = SIDES.filter((side) => on(side, (seen) => seen === 'gone'));
	return putBack.length + gone.length === 0 ? [] : [{ coupling, putBack, redone, gone, stamps }];
}

async function lookAt(session: SyncSession, mapping: TableMapping, couplings: readonly Coupling[]): Promise<Seen[]> {
	const [bc, crm] = [await sideOf(session, mapping, couplings, 'businessCentral'), await sideOf(session, mapping, couplings, 'crm')];
	return couplings.map((coupling) => {
		const [left, right] = [bc.get(coupling.bcId)!, crm.get(coupling.crmId)!];
		return {
			coupling,
			look: { businessCentral: left.look, crm: right.look },
			stamps: { businessCentral: left.stamp, crm: right.stamp },
		};
	});
}

async function sideOf(
	session: SyncSession,
	mapping: TableMapping,
	couplings: readonly Coupling[],
	side: Side,
): Promise<Map<string, { look: SeenAgain | 'gone'; stamp: string | null }>> {
	const table = tableOn(mapping, side);
	const ids = couplings.map((coupling) => idOn(coupling, side));
	const records = await session[side].readByIds(table, ids, []);
	const unread = ids.filter((id) => !records.has(id));
	const there = unread.length > 0 ? await session[side].existing(table, unread) : new Set<string>();
	return new Map(
		couplings.map((coupling): [string, { look: SeenAgain | 'gone'; stamp: string | null }] => {
			const id = idOn(coupling, side);
			const record = records.get(id);
			if (record) return [id, { look: seenAgain(coupling, side, record), stamp: record.modifiedAt }];
			// What is there and not shown tells nothing.
			return [id, { look: there.has(id) ? 'standing' : 'gone', stamp: null }];
		}),
	);
}
