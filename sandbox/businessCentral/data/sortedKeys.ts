/** Strings in ascending order, cheap to append to: additions are gathered and merged when the order is next read. */
export class SortedKeys {
	private sorted: string[] = [];
	private added: string[] = [];
	private removed = new Set<string>();

	add(key: string): void {
		if (!this.removed.delete(key)) this.added.push(key);
	}

	remove(key: string): void {
		this.removed.add(key);
	}

	/** The keys, ascending. Valid until the next change. */
	get keys(): readonly string[] {
		if (this.removed.size > 0) {
			const { removed } = this;
			this.sorted = this.sorted.filter((key) => !removed.has(key));
			this.added = this.added.filter((key) => !removed.has(key));
			this.removed = new Set();
		}
		if (this.added.length > 0) this.merge();
		return this.sorted;
	}

	/** Index of the first key that is not below `key`. */
	from(key: string): number {
		const { keys } = this;
		let low = 0;
		let high = keys.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (keys[middle]! < key) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	private merge(): void {
		const added = this.added.sort(compareText);
		this.added = [];
		const last = this.sorted.at(-1);
		if (last === undefined || last < added[0]!) {
			for (const key of added) this.sorted.push(key);
			return;
		}
		const merged: string[] = [];
		let next = 0;
		for (const key of this.sorted) {
			while (next < added.length && added[next]! < key) merged.push(added[next++]!);
			merged.push(key);
		}
		while (next < added.length) merged.push(added[next++]!);
		this.sorted = merged;
	}
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
