import type { HeldState } from './heldState';
import { twoLists } from './twoLists';
import type { PassDirection } from '../model/direction';
import type { RequeuedRecord } from '../model/requeued';
import type { Page, RequeuedCount, RequeuedListQuery } from '../ports/storeQueries';
import type { SyncStore } from '../ports/syncStore';

const DIRECTIONS = ['toCrm', 'fromCrm'] as const;

/** What the store keeps, and what the overlay says of it. */
export async function requeuedOf(
	store: SyncStore,
	state: HeldState,
	of: { mapping: string; direction: PassDirection },
	sourceIds: readonly string[],
): Promise<Map<string, RequeuedRecord>> {
	const found = await store.requeuedOf(of.mapping, of.direction, sourceIds);
	for (const id of sourceIds) {
		const own = state.requeued.get(of.mapping, of.direction, id);
		if (own) found.set(id, own);
		else if (own === null) found.delete(id);
	}
	return found;
}

export async function countRequeued(store: SyncStore, state: HeldState, mapping?: string): Promise<RequeuedCount[]> {
	const counts = new Map<string, RequeuedCount>();
	const add = ({ mapping: of, reason }: Pick<RequeuedRecord, 'mapping' | 'reason'>, by: number): void => {
		const key = `${of}\n${reason}`;
		counts.set(key, { mapping: of, reason, records: (counts.get(key)?.records ?? 0) + by });
	};
	for (const { records, ...of } of await store.countRequeued(mapping)) add(of, records);
	for (const name of state.requeued.mappings(mapping)) {
		for (const direction of DIRECTIONS) {
			for (const row of (await store.requeuedOf(name, direction, state.requeued.ids(name, direction))).values()) add(row, -1);
			for (const row of state.requeued.rows(name, direction)) add(row, 1);
		}
	}
	const order = ({ mapping: of, reason }: RequeuedCount): string => `${of}\n${reason}`;
	return [...counts.values()].filter(({ records }) => records > 0).sort((one, other) => (order(one) < order(other) ? -1 : 1));
}

export function listRequeued(store: SyncStore, state: HeldState, query: RequeuedListQuery): Promise<Page<RequeuedRecord>> {
	const own = state.requeued.all(query.mapping);
	return twoLists(query, {
		below: (next) =>
			store.listRequeued({
				...(query.mapping === undefined ? {} : { mapping: query.mapping }),
				limit: query.limit,
				...(next === undefined ? {} : { next }),
			}),
		isHidden: (row) => state.requeued.has(row),
		hasOwn: own.length > 0,
		own: () => Promise.resolve(own),
	});
}
