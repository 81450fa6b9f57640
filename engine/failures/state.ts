import { type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { type Side, SIDES } from '../model/side';
import type { SystemRecord } from '../model/record';
import { type PassDirection, sourceSide } from '../model/direction';
import type { Coupling } from '../model/coupling';
import { recordsForgotten } from '../coupling/initialSync';
import type { Failure } from '../model/failure';

/** How a record and its partner stand right now, in both systems and in the store. */
export interface RecordState {
	mapping: TableMapping;
	/** Null for a record that has no partner. */
	coupling: Coupling | null;
	businessCentral: SystemRecord | null;
	crm: SystemRecord | null;
	failures: Failure[];
	/** Sides whose record is there, but must not be read by the user of the credential: it counts as existing. */
	hidden: readonly Side[];
}

const BATCH = 1_000;
const DIRECTIONS: readonly PassDirection[] = ['toCrm', 'fromCrm'];

/** The states of the records named, by id; a record that is neither coupled nor there nor failing is left out. One batched read per system. */
export async function readStates(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	ids: readonly string[],
): Promise<Map<string, RecordState>> {
	const states = new Map<string, RecordState>();
	const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
	for (let start = 0; start < wanted.length; start += BATCH) {
		const part = wanted.slice(start, start + BATCH);
		const couplings = await session.store.couplingsOf(mapping.name, side, part);
		const pairs = part.map((id) => ({ coupling: couplings.get(id) ?? null, id }));
		const found = await statesOf(session, mapping, side, pairs);
		found.forEach((state, index) => {
			if (state.coupling || state[side] || state.failures.length > 0) states.set(part[index]!, state);
		});
	}
	return states;
}

/** The states of couplings, and of records without one (then `id` is of `side`), in order. */
export async function statesOf(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	pairs: ReadonlyArray<{ coupling: Coupling | null; id: string }>,
): Promise<RecordState[]> {
	const idOn = ({ coupling, id }: (typeof pairs)[number], of: Side): string | null =>
		coupling ? (of === 'crm' ? coupling.crmId : coupling.bcId) : of === side ? id : null;
	const idsOn = (of: Side): string[] => pairs.flatMap((pair) => idOn(pair, of) ?? []);
	const records = {
		businessCentral: await session.businessCentral.readByIds(mapping.bc, idsOn('businessCentral'), []),
		crm: await session.crm.readByIds(mapping.crm, idsOn('crm'), []),
	};
	const hidden: Record<Side, Set<string>> = {
		businessCentral: await unreadable(session, mapping, 'businessCentral', idsOn('businessCentral'), records.businessCentral),
		crm: await unreadable(session, mapping, 'crm', idsOn('crm'), records.crm),
	};
	const failures = {
		toCrm: await session.store.failuresOf(mapping.name, 'toCrm', idsOn('businessCentral')),
		fromCrm: await session.store.failuresOf(mapping.name, 'fromCrm', idsOn('crm')),
	};
	return pairs.map((pair) => ({
		mapping,
		coupling: pair.coupling,
		businessCentral: records.businessCentral.get(idOn(pair, 'businessCentral') ?? '') ?? null,
		crm: records.crm.get(idOn(pair, 'crm') ?? '') ?? null,
		hidden: SIDES.filter((of) => hidden[of].has(idOn(pair, of) ?? '')),
		failures: DIRECTIONS.flatMap((direction) => failures[direction].get(idOn(pair, sourceSide(direction)) ?? '') ?? []),
	}));
}

/** Of records that a query did not show, those that exist. */
async function unreadable(
	session: SyncSession,
	mapping: TableMapping,
	side: Side,
	ids: readonly string[],
	found: ReadonlyMap<string, SystemRecord>,
): Promise<Set<string>> {
	const open = ids.filter((id) => !found.has(id));
	return open.length > 0 ? await session[side].existing(tableOn(mapping, side), open) : new Set();
}

/** Neither record is there any more: nothing is left to couple or to deliver. */
export const isGone = (state: RecordState): boolean => !state.businessCentral && !state.crm && state.hidden.length === 0;

/** The side whose record is left while its partner is missing; null when both are there, or none is coupled. */
export const survivorOf = (state: RecordState): Side | null => {
	if (!state.coupling || state.hidden.length > 0 || Boolean(state.businessCentral) === Boolean(state.crm)) return null;
	return state.businessCentral ? 'businessCentral' : 'crm';
};

/** Removes what the store still knows of records that are gone. */
export async function forgetGone(session: SyncSession, states: readonly RecordState[]): Promise<void> {
	if (states.length === 0) return;
	await session.store.commit({
		uncouple: states.flatMap(({ coupling }) => coupling ?? []),
		failuresDone: states.flatMap(({ failures }) => failures),
		requeuedDone: recordsForgotten(states.flatMap(({ coupling }) => coupling ?? [])).requeuedDone,
	});
}

/** Id of the couple's record on a side. */
export const idOn = ({ coupling, businessCentral, crm }: RecordState, side: Side): string =>
	side === 'crm' ? (coupling?.crmId ?? crm!.id) : (coupling?.bcId ?? businessCentral!.id);
