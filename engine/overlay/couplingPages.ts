import type { HeldState } from './heldState';
import type { Coupling } from '../model/coupling';
import type { Failure } from '../model/failure';
import type { SyncStore } from '../ports/syncStore';
import type { CouplingQuery, FailureListQuery, Page } from '../ports/storeQueries';

type Listed = Coupling & { failure: Failure | null };

/** Marks that a list has come to what the overlay adds. */
const OWN = 'own ';

/** The store's couplings as far as the overlay has not changed them; then those that it has. */
export async function findCouplings(store: SyncStore, state: HeldState, query: CouplingQuery): Promise<Page<Listed>> {
	if (!query.next?.startsWith(OWN)) {
		const page = await store.findCouplings(query);
		const rows = page.rows.filter((row) => !isTouched(state, row));
		const next = page.next ?? (hasOwn(state, query.mapping) ? OWN : undefined);
		// An empty page is the end for those who ask: what follows is answered at once.
		if (rows.length === 0 && next !== undefined) return await findCouplings(store, state, { ...query, next });
		return { rows, ...(next === undefined ? {} : { next }) };
	}
	const start = Number(query.next.slice(OWN.length) || '0');
	const rows = (await touched(store, state, query)).filter((row) => fits(row, query));
	const part = rows.slice(start, start + query.limit);
	return { rows: part, ...(start + part.length < rows.length ? { next: `${OWN}${start + part.length}` } : {}) };
}

/** As `findCouplings`, for failures. */
export async function listFailures(store: SyncStore, state: HeldState, query: FailureListQuery): Promise<Page<Failure>> {
	const own = state.failures
		.all(query.mapping)
		.filter(
			(each) =>
				(query.direction === undefined || each.direction === query.direction) &&
				(query.skipped === undefined || each.skipped === query.skipped) &&
				(query.errorClass === undefined || each.errorClass === query.errorClass),
		);
	if (!query.next?.startsWith(OWN)) {
		const page = await store.listFailures(query);
		const rows = page.rows.filter((row) => !state.failures.has(row));
		const next = page.next ?? (own.length > 0 ? OWN : undefined);
		if (rows.length === 0 && next !== undefined) return await listFailures(store, state, { ...query, next });
		return { rows, ...(next === undefined ? {} : { next }) };
	}
	const start = Number(query.next.slice(OWN.length) || '0');
	const part = own.slice(start, start + query.limit);
	return { rows: part, ...(start + part.length < own.length ? { next: `${OWN}${start + part.length}` } : {}) };
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
