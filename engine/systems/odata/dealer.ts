import type { BatchPart } from './batch';

/** Parts that belong together: a group, the rows below one parent, or a single part. */
interface Unit {
	indexes: number[];
	/** In one batch or in none. */
	whole: boolean;
}

/** A batch, by positions of its parts, and what has to wait until it is answered, because it shares a parent with it. */
export interface Dealt {
	indexes: number[];
	then: Unit | null;
}

/**
 * Deals parts out to the lanes that carry them, a batch at a time, in the order in which they were given. No group is torn apart, and rows below one parent
 * are never on two lanes at once: they would wait for each other's locks.
 */
export class Dealer {
	private readonly units: Unit[];
	private next = 0;

	/** `size`: parts of the next batch, about. */
	constructor(
		parts: readonly BatchPart[],
		private readonly size: () => number,
	) {
		this.units = unitsOf(parts);
	}

	/** Null when nothing is left. `waiting`: what the batch before left on this lane. */
	deal(waiting: Unit | null = null): Dealt | null {
		const size = Math.max(1, this.size());
		if (waiting) return split(waiting, size);
		const first = this.units[this.next++];
		if (!first) return null;
		if (!first.whole && first.indexes.length > size) return split(first, size);
		const indexes = [...first.indexes];
		for (let unit = this.units[this.next]; unit && fits(unit, size - indexes.length); unit = this.units[this.next]) {
			indexes.push(...unit.indexes);
			this.next++;
		}
		return { indexes, then: null };
	}
}

/** A group that begins within the batch belongs to it, whatever its size. */
const fits = ({ indexes, whole }: Unit, room: number): boolean => room > 0 && (whole || indexes.length <= room);

function split({ indexes, whole }: Unit, size: number): Dealt {
	const rest = indexes.slice(size);
	return { indexes: indexes.slice(0, size), then: rest.length === 0 ? null : { indexes: rest, whole } };
}

function unitsOf(parts: readonly BatchPart[]): Unit[] {
	const units: Unit[] = [];
	const named = new Map<string, Unit>();
	parts.forEach(({ group, parent }, index) => {
		const name = group !== undefined ? `group ${group}` : parent !== undefined ? `parent ${parent}` : undefined;
		const known = name === undefined ? undefined : named.get(name);
		if (known) return void known.indexes.push(index);
		const unit = { indexes: [index], whole: group !== undefined };
		units.push(unit);
		if (name !== undefined) named.set(name, unit);
	});
	return units;
}
