/** Ids kept at a time, so that a record that is read twice counts once; beyond, it may count twice. */
const KEPT = 20_000;

/** Records whose filter is looked at for the sake of the count alone: as many as one request reads. */
const LOOKED_AT = 250;

/** Records that a run read and left alone, because they are not coupled and the mapping synchronizes only coupled ones. */
export class UncoupledRecords {
	private readonly ids = new Set<string>();
	private readonly unsure = new Set<string>();
	private more = 0;
	private unlooked = 0;

	/** The filter of the mapping selects it. */
	add(id: string): void {
		this.unsure.delete(id);
		if (this.ids.size < KEPT) this.ids.add(id);
		else if (!this.ids.has(id)) this.more++;
	}

	/** Nobody knows yet whether the filter selects it. */
	addUnsure(id: string): void {
		if (this.ids.has(id) || this.unsure.has(id)) return;
		if (this.unsure.size < LOOKED_AT) this.unsure.add(id);
		else this.unlooked++;
	}

	/** Those to be looked at; they count once `add` is told of them, and are forgotten otherwise. */
	takeUnsure(): string[] {
		const ids = [...this.unsure];
		this.unsure.clear();
		return ids;
	}

	/** Those that were to be looked at could not be. */
	leaveUnsure(ids: readonly string[]): void {
		this.unlooked += ids.length;
	}

	get count(): number {
		return this.ids.size + this.more;
	}

	/** There were more, and nobody looked which of them the filter selects. */
	get atLeast(): boolean {
		return this.unlooked > 0 || this.unsure.size > 0;
	}
}

/** For people; empty where there are none. */
export function notCoupledInWords(count: number, atLeast: boolean): string {
	if (count === 0) return '';
	const one = count === 1 && !atLeast;
	return `${atLeast ? 'At least ' : ''}${count} ${count === 1 ? 'record' : 'records'} ${one ? 'is' : 'are'} not coupled`;
}
