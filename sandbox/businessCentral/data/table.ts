import { compareText } from './sortedKeys';
import { SortedKeys } from './sortedKeys';
import type { Row, Value } from './row';
import { upperCase } from './upperCase';

const separator = '\u0001';

/** One part of a key as text that sorts as the database does: numbers by size, text without regard to case. */
export const keyPart = (value: Value | undefined): string => {
	if (typeof value === 'number') return (value + 1e15).toFixed(4).padStart(22, '0');
	return upperCase(String(value ?? ''));
};

/** The rows of one table in one company, with its indexes: SystemId, primary key, stamp, and any field that was ever asked for by value. */
export class Table {
	private readonly byId = new Map<string, Row>();
	private readonly byKey = new Map<string, Row>();
	private readonly keyOrder = new SortedKeys();
	/** Null until somebody asks for that order. */
	private stampOrder: Row[] | null = null;
	private stampAdded: Row[] = [];
	/** Rows in either list: one that is taken back and put in place again must not be listed twice. */
	private readonly stampListed = new Set<Row>();
	private stampStale = 0;
	private readonly byField = new Map<string, Map<string, Set<string>>>();

	constructor(
		readonly name: string,
		readonly primaryKey: readonly string[],
	) {}

	get size(): number {
		return this.byId.size;
	}

	keyOf(row: Pick<Row, 'id' | 'fields'>): string {
		if (this.primaryKey.length === 0) return row.id;
		if (this.primaryKey.length === 1) return keyPart(row.fields[this.primaryKey[0]!]);
		return this.primaryKey.map((field) => keyPart(row.fields[field])).join(separator);
	}

	get(id: string): Row | undefined {
		return this.byId.get(id);
	}

	getByKey(...values: Value[]): Row | undefined {
		return this.byKey.get(values.map(keyPart).join(separator));
	}

	rows(): IterableIterator<Row> {
		return this.byId.values();
	}

	/** Puts a row in the place of the one with this id; undefined removes it. */
	set(id: string, row: Row | undefined): void {
		const before = this.byId.get(id);
		if (before) this.forget(before, row);
		if (!row) {
			this.byId.delete(id);
			return;
		}
		this.byId.set(id, row);
		const key = this.keyOf(row);
		if (!this.byKey.has(key)) this.keyOrder.add(key);
		this.byKey.set(key, row);
		if (this.stampOrder && !this.stampListed.has(row)) {
			this.stampListed.add(row);
			this.stampAdded.push(row);
		}
		for (const [field, index] of this.byField) enter(index, keyPart(row.fields[field]), id);
	}

	/** Rows in the order of the primary key, from the first key that is not below `from`. */
	*inKeyOrder(from = ''): Generator<Row> {
		const { keys } = this.keyOrder;
		for (let index = from === '' ? 0 : this.keyOrder.from(from); index < keys.length; index++) {
			const row = this.byKey.get(keys[index]!);
			if (row) yield row;
		}
	}

	/** Rows by SystemModifiedAt, then primary key, from the first that is not before (`from`, `key`). */
	*inStampOrder(from = -Infinity, key = ''): Generator<Row> {
		const order = this.stamped();
		let low = 0;
		let high = order.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			const row = order[middle]!;
			if (row.modifiedAt < from || (row.modifiedAt === from && key !== '' && this.keyOf(row) < key)) low = middle + 1;
			else high = middle;
		}
		for (let index = low; index < order.length; index++) {
			const row = order[index]!;
			if (this.byId.get(row.id) === row) yield row;
		}
	}

	/** Rows whose stored field equals the value, without regard to case. */
	withField(field: string, value: Value): Row[] {
		if (this.primaryKey.length === 1 && this.primaryKey[0] === field) {
			const row = this.byKey.get(keyPart(value));
			return row ? [row] : [];
		}
		let index = this.byField.get(field);
		if (!index) {
			index = new Map();
			for (const row of this.byId.values()) enter(index, keyPart(row.fields[field]), row.id);
			this.byField.set(field, index);
		}
		// A field never stored is blank, whatever its type writes for blank.
		return [...(index.get(keyPart(value)) ?? [])].map((id) => this.byId.get(id)!);
	}

	private forget(before: Row, after: Row | undefined): void {
		const key = this.keyOf(before);
		if (!after || this.keyOf(after) !== key) {
			this.byKey.delete(key);
			this.keyOrder.remove(key);
		}
		this.stampStale++;
		for (const [field, index] of this.byField) index.get(keyPart(before.fields[field]))?.delete(before.id);
	}

	/** Whether the row is still the one stored; otherwise it is struck off. */
	private stays(row: Row): boolean {
		if (this.byId.get(row.id) === row) return true;
		this.stampListed.delete(row);
		return false;
	}

	private stamped(): Row[] {
		const before = (a: Row, b: Row) => a.modifiedAt - b.modifiedAt || compareText(this.keyOf(a), this.keyOf(b));
		if (!this.stampOrder) {
			// The sort is stable, so rows in key order need no comparison of keys.
			const ordered = this.byKey.size === this.byId.size;
			this.stampOrder = ordered ? [...this.inKeyOrder()].sort((a, b) => a.modifiedAt - b.modifiedAt) : [...this.byId.values()].sort(before);
			for (const row of this.stampOrder) this.stampListed.add(row);
			this.stampStale = 0;
			return this.stampOrder;
		}
		if (this.stampStale > 1000 && this.stampStale > this.byId.size) {
			this.stampOrder = this.stampOrder.filter((row) => this.stays(row));
			this.stampStale = 0;
		}
		if (this.stampAdded.length === 0) return this.stampOrder;
		const added = this.stampAdded.filter((row) => this.stays(row)).sort(before);
		this.stampAdded = [];
		const last = this.stampOrder.at(-1);
		if (added.length === 0) return this.stampOrder;
		if (!last || before(last, added[0]!) < 0) {
			for (const row of added) this.stampOrder.push(row);
			return this.stampOrder;
		}
		const merged: Row[] = [];
		let next = 0;
		for (const row of this.stampOrder) {
			while (next < added.length && before(added[next]!, row) < 0) merged.push(added[next++]!);
			if (this.stays(row)) merged.push(row);
		}
		while (next < added.length) merged.push(added[next++]!);
		this.stampStale = 0;
		this.stampOrder = merged;
		return merged;
	}
}

function enter(index: Map<string, Set<string>>, key: string, id: string): void {
	const ids = index.get(key);
	if (ids) ids.add(id);
	else index.set(key, new Set([id]));
}
