import type { HeldState } from './heldState';
import { twoLists } from './twoLists';
import type { Coupling } from '../model/coupling';
import type { Failure } from '../model/failure';
import type { SyncStore } from '../ports/syncStore';
import type { CouplingQuery, FailureListQuery, Page } from '../ports/storeQueries';

type Listed = Coupling & { failure: Failure | null };

/** The store's couplings as far as the overlay has not changed them; then those that it has. */
export function findCouplings(store: SyncStore, state: HeldState, query: CouplingQuery): Promise<Page<Listed>> {
	return twoLists(query, {
		below: (next) => store.findCouplings({ ...query, next }),
		isHidden: (row) => isTouched(state, row),
		hasOwn: hasOwn(state, query.mapping),
		own: async () => (await touched(store, state, query)).filter((row) => fits(row, query)),
	});
}

/** As `findCouplings`, for failures. */
export function listFailures(store: SyncStore, state: HeldState, query: FailureListQuery): Promise<Page<Failure>> {
	const own = state.failures
		.all(query.mapping)
		.filter(
			(each) =>
				(query.direction === undefined || each.direction === query.direction) &&
				(query.skipped === undefined || each.skipped === query.skipped) &&
				(query.errorClass === undefined || each.errorClass === query.errorClass),
		);
	return twoLists(query, {
		below: (next) => store.listFailures({ ...query, next }),
		isHidden: (row) => state.failures.has(row),
		hasOwn: own.length > 0,
		own: () => Promise.resolve(own),
	});
}

const keysOf = ({ mapping, bcId, crmId }: Coupling) =>
	[
		{ mapping, direction: 'toCrm' as const, sourceId: bcId },
		{ mapping, direction: 'fromCrm' as const, sourceId: crmId },
	] as const;

const isTouched = (state: HeldState, coupling: Coupling): boolean =>
	state.couplingsOf(coupling.mapping).isHidden(coupling) || keysOf(coupling).some((key) => state.failures.has(key));

const mappingsOf = (state: HeldState, mapping: string | undefined): string[] =>
	mapping === undefined ? state.mappingsWithCouplings() : [mapping];

const hasOwn = (state: HeldState, mapping: string | undefined): boolean =>
	mappingsOf(state, mapping).some(
		(name) =>
			state.couplingsOf(name).size > 0 || state.failures.ids(name, 'toCrm').length > 0 || state.failures.ids(name, 'fromCrm').length > 0,
	);

/** Couplings that the overlay holds, and those of the store whose failures it holds. */
async function touched(store: SyncStore, state: HeldState, query: CouplingQuery): Promise<Listed[]> {
	const rows: Listed[] = [];
	for (const mapping of mappingsOf(state, query.mapping)) {
		const held = state.couplingsOf(mapping);
		const ofStore = new Map<string, Coupling>();
		for (const [direction, side] of [
			['toCrm', 'businessCentral'],
			['fromCrm', 'crm'],
		] as const) {
			const found = await store.couplingsOf(mapping, side, state.failures.ids(mapping, direction));
			for (const coupling of found.values()) if (!held.isHidden(coupling)) ofStore.set(coupling.bcId, coupling);
		}
		const pending =
			query.state === undefined ? undefined : query.state === 'pending' ? true : query.state === 'coupled' ? false : undefined;
		for (const coupling of [...held.all(pending), ...ofStore.values()])
			rows.push({ ...coupling, failure: await newest(store, state, coupling) });
	}
	return rows;
}

/** The newest failure of the pair, of either direction. */
async function newest(store: SyncStore, state: HeldState, coupling: Coupling): Promise<Failure | null> {
	const failures: Failure[] = [];
	for (const { mapping, direction, sourceId } of keysOf(coupling)) {
		const held = state.failures.get(mapping, direction, sourceId);
		const failure = held === undefined ? (await store.failuresOf(mapping, direction, [sourceId])).get(sourceId) : held;
		if (failure) failures.push(failure);
	}
	return failures.sort((one, other) => Date.parse(other.failedAt) - Date.parse(one.failedAt))[0] ?? null;
}

function fits({ baseline, failure, bcNumber, bcName, crmName }: Listed, { state, text }: CouplingQuery): boolean {
	if (text && ![bcNumber, bcName, crmName].join('\n').toLowerCase().includes(text.toLowerCase())) return false;
	switch (state) {
		case undefined:
			return true;
		case 'pending':
			return baseline === null;
		case 'coupled':
			return baseline !== null && failure === null;
		case 'failed':
			return failure !== null && !failure.skipped;
		case 'skipped':
			return failure?.skipped ?? false;
	}
}
