import { type DayOfChanges, type MassChange, type MassChangeAction, NO_CHANGES } from '../model/massChange';
import type { StoreChanges } from '../ports/storeChanges';
import type { SyncStore } from '../ports/syncStore';

type Held = MassChange & { undone: boolean };
type Counted = Pick<MassChange, 'recordId' | 'action'>;

/** What the guard counted in the overlay, beside what the store holds of the day. A preview is over within the day: nothing of it becomes too old. */
export class HeldMassChanges {
	/** By mapping and record. */
	private readonly held = new Map<string, Map<string, Held>>();
	private readonly forgotten = new Set<string>();

	constructor(private readonly store: Pick<SyncStore, 'massChangesOfDay' | 'massChangesAmong'>) {}

	apply({ massChanges = [], massChangesUndone = [], massChangesForgotten: forgotten }: StoreChanges): void {
		if (forgotten?.which === 'all') {
			this.forgotten.add(forgotten.mapping);
			this.held.delete(forgotten.mapping);
		}
		for (const each of massChangesUndone) this.of(each.mapping).set(keyOf(each), { title: '', ...each, undone: true });
		for (const each of massChanges) this.of(each.mapping).set(keyOf(each), { ...each, undone: false });
	}

	async ofDay(mapping: string): Promise<DayOfChanges> {
		const below = this.forgotten.has(mapping)
			? { counts: NO_CHANGES, titles: [], untidy: false }
			: await this.store.massChangesOfDay(mapping);
		const held = [...this.of(mapping).values()];
		const counts: Record<MassChangeAction, number> = { ...below.counts };
		const hidden = new Set(held.map(keyOf));
		for (const each of await this.below(mapping, held)) if (hidden.has(keyOf(each))) counts[each.action]--;
		for (const { action, undone } of held) if (!undone) counts[action]++;
		const own = held.filter(({ action, undone }) => !undone && action !== 'create').map(({ title }) => title);
		return { ...below, counts, titles: [...new Set([...below.titles, ...own])].sort().slice(0, 5) };
	}

	async among(mapping: string, recordIds: readonly string[]): Promise<Counted[]> {
		const wanted = new Set(recordIds);
		const held = this.of(mapping);
		const below = await this.below(
			mapping,
			[...wanted].map((recordId) => ({ recordId })),
		);
		const own = [...held.values()].filter((each) => !each.undone && wanted.has(each.recordId));
		return [...below.filter((each) => !held.has(keyOf(each))), ...own].map(({ recordId, action }) => ({ recordId, action }));
	}

	private async below(mapping: string, records: ReadonlyArray<{ recordId: string }>): Promise<Counted[]> {
		if (this.forgotten.has(mapping) || records.length === 0) return [];
		return await this.store.massChangesAmong(
			mapping,
			records.map(({ recordId }) => recordId),
		);
	}

	private of(mapping: string) {
		const known = this.held.get(mapping) ?? new Map<string, Held>();
		this.held.set(mapping, known);
		return known;
	}
}

/** A record counts once as a loss, whatever was done to it, and once as created. */
const keyOf = ({ recordId, action }: Counted): string => `${action === 'create' ? 'create' : 'loss'} ${recordId}`;
