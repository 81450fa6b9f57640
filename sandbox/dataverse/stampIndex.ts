interface Bucket {
	ids: Set<string>;
	/** Ids in order; may hold ids that left the bucket since. */
	sorted: string[] | null;
}

/** Ids ordered by (stamp, id). Stamps are whole seconds and mostly grow, so each second is a bucket and buckets are appended. */
export class StampIndex {
	private readonly stamps: string[] = [];
	private readonly buckets = new Map<string, Bucket>();

	add(stamp: string, id: string): void {
		let bucket = this.buckets.get(stamp);
		if (!bucket) {
			bucket = { ids: new Set(), sorted: null };
			this.buckets.set(stamp, bucket);
			const last = this.stamps.at(-1);
			if (last === undefined || last < stamp) this.stamps.push(stamp);
			else this.stamps.splice(this.position(stamp), 0, stamp);
		}
		bucket.ids.add(id);
		bucket.sorted = null;
	}

	remove(stamp: string, id: string): void {
		const bucket = this.buckets.get(stamp);
		if (!bucket?.ids.delete(id) || bucket.ids.size > 0) return;
		this.buckets.delete(stamp);
		this.stamps.splice(this.position(stamp), 1);
	}

	/** Ids from a stamp on (inclusive), or after a (stamp, id). */
	*from(stamp: string, afterId?: string): Generator<string> {
		for (let at = this.position(stamp); at < this.stamps.length; at++) {
			const bucket = this.buckets.get(this.stamps[at]!)!;
			bucket.sorted ??= [...bucket.ids].sort();
			const skip = afterId !== undefined && this.stamps[at] === stamp;
			for (const id of bucket.sorted) if (bucket.ids.has(id) && !(skip && id <= afterId)) yield id;
		}
	}

	private position(stamp: string): number {
		let low = 0;
		let high = this.stamps.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.stamps[middle]! < stamp) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
