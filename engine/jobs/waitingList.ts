import type { UnresolvedReference } from '../model/failure';

export interface WaitedFor extends Pick<UnresolvedReference, 'mapping' | 'caption' | 'value' | 'name'> {
	/** Records that refer to it. */
	records: number;
}

/** What the records of a run refer to although it has no counterpart, counted. */
export class WaitingList {
	/** Records that failed in this run for that reason. */
	failed = 0;
	/** Records skipped earlier that were not tried, because what they lack is still missing. */
	earlier = 0;
	private readonly counts = new Map<string, WaitedFor>();

	add(missing: readonly UnresolvedReference[]): void {
		for (const { mapping, caption, value, name } of missing) {
			const key = `${mapping ?? caption}\n${value}`;
			const known = this.counts.get(key);
			if (known) known.records++;
			else this.counts.set(key, { mapping, caption, value, ...(name === undefined ? {} : { name }), records: 1 });
		}
	}

	/** Most wanted first, within each mapping. */
	all(): WaitedFor[] {
		return [...this.counts.values()].sort((a, b) => b.records - a.records || (a.value < b.value ? -1 : 1));
	}
}
