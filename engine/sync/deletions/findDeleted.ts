import type { TableSource } from '../../model/record';
import type { RecordSystem } from '../../ports/recordSystem';
import { companyRowOf } from '../../mapping/companyIdentity';
import { sideFilter, type SideFilter } from '../../mapping/filter';
import { idsInside } from '../../mapping/filters/reading';
import { filterOn, type TableMapping, tableOn } from '../../model/tableMapping';
import type { SyncSession } from '../../ports/session';
import type { DeletedPartners } from './deletedPartners';
import type { Side } from '../../model/side';
import { type CoupledPair, idOn } from '../../model/coupling';
import type { DeletionSearch } from '../../model/deletion';

export const DEFAULT_CHECK_MINUTES = 1440;
/** Ids compared at a time: one request to Business Central, less than one to Dataverse. */
const COMPARED_AT_ONCE = 10_000;
/** Rows of a page of Dataverse's change tracking, and how much larger than its couplings a table may be before comparing ids is cheaper. */
const TRACKED_PAGE = 5_000;
const TRACKED_PAGES_SPARE = 20;

/** Look for deleted records when the mapping's interval is over, in this run whatever the interval says, or not at all. */
export type DeletionCheck = 'mapping' | 'now' | 'off';

export interface DeletionRun {
	session: SyncSession;
	mapping: TableMapping;
	list: DeletedPartners;
	/** Told of couples whose record of a side is there, but outside the filter of the mapping. */
	left(side: Side, pairs: readonly CoupledPair[]): Promise<void>;
	/** Called between requests: keeps the lease, looks at the signal and the time. Throws RunStopped. */
	checkpoint(): Promise<void>;
}

/**
 * Looks for coupled records of one side that were deleted, without waiting for their partners to change, when it is
 * time for it. A search that was interrupted goes on where it stood. Answers whether it searched.
 */
export async function findDeleted(run: DeletionRun, side: Side, when: DeletionCheck): Promise<boolean> {
	const { session, mapping, list } = run;
	if (when === 'off') return false;
	const now = new Date(session.clock.now()).toISOString();
	const known = await session.store.deletionSearch(mapping.name, side);
	const search: DeletionSearch = known ?? { mapping: mapping.name, side, token: null, position: null, checkedAt: null };
	if (when === 'mapping' && !isDue(run, known)) {
		// The interval of a mapping begins with its first run.
		if (!known) await list.found(side, [], { ...search, checkedAt: now });
		return false;
	}
	const state = { run, side, search: { ...search } };
	if (search.position === null && search.token !== null && (await readDeletions(state, search.token, now))) {
		// The list tells no record that left the filter: once a day the ids are compared with it nevertheless.
		if (search.checkedAt === null || search.checkedAt.slice(0, 10) !== now.slice(0, 10)) await compareWithFilter(run, side);
		return true;
	}
	await compareIds(state, now);
	return true;
}

/** Whether a run that leaves it to the mapping would search now. */
export const isSearchDue = async (session: SyncSession, mapping: TableMapping, side: Side): Promise<boolean> =>
	isDue({ session, mapping }, await session.store.deletionSearch(mapping.name, side));

function isDue({ session, mapping }: Pick<DeletionRun, 'session' | 'mapping'>, search: DeletionSearch | null): boolean {
	if (!search) return false;
	// One that was interrupted goes on.
	if (search.position !== null || search.checkedAt === null) return true;
	const minutes = mapping.deletionCheckMinutes ?? DEFAULT_CHECK_MINUTES;
	const age = session.clock.now() - Date.parse(search.checkedAt);
	// A search of the future was noted by a clock that was ahead: nobody knows how long ago it was.
	return age < 0 || age >= minutes * 60_000;
}

interface Searching {
	run: DeletionRun;
	side: Side;
	search: DeletionSearch;
}

/** By the service's own list. False when the token is no longer valid. */
async function readDeletions({ run, side, search }: Searching, token: string, now: string): Promise<boolean> {
	const { session, mapping, list } = run;
	const system = session[side];
	if (!system.deletedSince) return false;
	const deletions = system.deletedSince(tableOn(mapping, side), token);
	for (;;) {
		await run.checkpoint();
		const next = await deletions.next();
		if (next.done) {
			if (next.value === null) return false;
			await list.found(side, [], { ...search, token: next.value, checkedAt: now });
			return true;
		}
		// The list also names rows that were never coupled.
		const couplings = await session.store.couplingsOf(mapping.name, side, next.value);
		await list.found(side, [...couplings.values()]);
	}
}

/**
 * By asking for all coupled ids. A token, where the service gives one, is taken before: what is deleted while the ids are compared is then
 * told by the next reading of the list, and nothing falls between.
 */
async function compareIds({ run, side, search }: Searching, now: string): Promise<void> {
	const { session, mapping, list } = run;
	if (search.position === null) {
		search.token = await startTracking(run, side);
		search.position = '';
		await list.found(side, [], search);
	}
	for (;;) {
		await run.checkpoint();
		const pairs: CoupledPair[] = await session.store.couplingPairs(mapping.name, search.position, COMPARED_AT_ONCE);
		if (pairs.length === 0) break;
		const idOf = (pair: CoupledPair): string => idOn(pair, side);
		const existing = await thereAmong(run, side, pairs);
		search.position = pairs.at(-1)!.bcId;
		await list.found(
			side,
			pairs.filter((pair) => !existing.has(idOf(pair))),
			search,
		);
		if (pairs.length < COMPARED_AT_ONCE) break;
	}
	await list.found(side, [], { ...search, position: null, checkedAt: now });
}

/** Ids of the pairs' records that exist. Mostly one question tells both that, and that they are inside the filter. */
async function thereAmong({ session, mapping, left }: DeletionRun, side: Side, pairs: readonly CoupledPair[]): Promise<Set<string>> {
	const table = tableOn(mapping, side);
	const filter = sideFilter(filterOn(mapping, side), side, await companyRowOf(session, mapping), table);
	const ids = pairs.map((pair) => idOn(pair, side));
	const isExact = filter.odata !== null || filter.accepts !== null;
	const inside = await insideAmong(session[side], table, ids, filter);
	const rest = ids.filter((id) => !inside.has(id));
	const there = rest.length > 0 ? await session[side].existing(table, rest) : new Set<string>();
	if (isExact && there.size > 0)
		await left(
			side,
			pairs.filter((pair) => there.has(idOn(pair, side))),
		);
	return new Set([...inside, ...there]);
}

/** Where the service can tell what the filter selects, nothing but ids are read. */
async function insideAmong(system: RecordSystem, table: TableSource, ids: readonly string[], filter: SideFilter): Promise<Set<string>> {
	if (filter.accepts !== null) return new Set((await idsInside(system, table, ids, [], filter)).keys());
	return filter.odata === null ? new Set() : await system.existing(table, ids, filter.odata);
}

async function compareWithFilter(run: DeletionRun, side: Side): Promise<void> {
	let position = '';
	for (;;) {
		await run.checkpoint();
		const pairs = await run.session.store.couplingPairs(run.mapping.name, position, COMPARED_AT_ONCE);
		if (pairs.length > 0) await thereAmong(run, side, pairs);
		if (pairs.length < COMPARED_AT_ONCE) return;
		position = pairs.at(-1)!.bcId;
	}
}

/** Worth its first walk over the table only where the table is not much larger than what is coupled. */
async function startTracking({ session, mapping }: DeletionRun, side: Side): Promise<string | null> {
	const system = session[side];
	if (!system.trackDeletions) return null;
	const coupled = await session.store.countCouplings(mapping.name);
	if (coupled === 0) return null;
	return await system.trackDeletions(tableOn(mapping, side), TRACKED_PAGES_SPARE + Math.ceil((4 * coupled) / TRACKED_PAGE));
}
