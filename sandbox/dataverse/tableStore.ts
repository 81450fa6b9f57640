import { StampIndex } from './stampIndex';
import type { Row, Value } from './values';

export interface Tombstone {
	version: number;
	id: string;
}

/** Rows and deletions of a table at one moment. */
export interface TableDump {
	readonly rows: ReadonlyMap<string, Row>;
	readonly tombstones: readonly Tombstone[];
}

/** Rows of one table in memory, with the orders and look-ups that queries need. Indexes on columns are built when first asked for. */
export class TableStore {
	readonly rows = new Map<string, Row>();
	readonly tombstones: Tombstone[] = [];
	private readonly stamps = new StampIndex();
	private readonly columns = new Map<string, Map<string, Set<string>>>();
	/** Versions in order of writing; entries overtaken by a later write are skipped when read. */
	private versions: Array<{ version: number; id: string }> = [];
	private sortedIds: string[] | null = null;

	put(id: string, row: Row): void {
		const before = this.rows.get(id);
		if (before) this.unlink(id, before);
		else this.sortedIds = null;
		this.rows.set(id, row);
		this.stamps.add(String(row.modifiedon ?? ''), id);
		for (const [column, index] of this.columns) put(index, row[column], id);
		this.remember(Number(row.versionnumber), id);
		if (this.versions.length > 2 * this.rows.size + 1000) this.versions = this.versions.filter((entry) => this.current(entry));
	}

	dump(): TableDump {
		return { rows: new Map(this.rows), tombstones: [...this.tombstones] };
	}

	delete(id: string): void {
		const before = this.rows.get(id);
		if (!before) return;
		this.unlink(id, before);
		this.rows.delete(id);
	}

	/** A row put back by an undo carries an older version, which is then still in its place. */
	private remember(version: number, id: string): void {
		const last = this.versions.at(-1);
		if (!last || last.version < version) return void this.versions.push({ version, id });
		const at = this.after(version - 1);
		if (this.versions[at]?.version !== version) this.versions.splice(at, 0, { version, id });
	}

	/** Position of the first entry with a version above the given one. */
	private after(version: number): number {
		let low = 0;
		let high = this.versions.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.versions[middle]!.version <= version) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	private unlink(id: string, row: Row): void {
		this.stamps.remove(String(row.modifiedon ?? ''), id);
		for (const [column, index] of this.columns) {
			const key = keyOf(row[column]);
			const ids = key === null ? undefined : index.get(key);
			if (ids?.delete(id) && ids.size === 0) index.delete(key!);
		}
	}

	private current({ version, id }: { version: number; id: string }): boolean {
		return this.rows.get(id)?.versionnumber === version;
	}

	/** Ids of rows whose column equals the value; text without regard to case. */
	having(column: string, value: Value): ReadonlySet<string> {
		let index = this.columns.get(column);
		if (!index) {
			index = new Map();
			for (const [id, row] of this.rows) put(index, row[column], id);
			this.columns.set(column, index);
		}
		const key = keyOf(value);
		return (key !== null && index.get(key)) || nothing;
	}

	*inStampOrder(stamp = '', afterId?: string): Generator<Row> {
		for (const id of this.stamps.from(stamp, afterId)) yield this.rows.get(id)!;
	}

	*inIdOrder(afterId = ''): Generator<Row> {
		this.sortedIds ??= [...this.rows.keys()].sort();
		const ids = this.sortedIds;
		let low = 0;
		let high = ids.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (ids[middle]! <= afterId) low = middle + 1;
			else high = middle;
		}
		for (; low < ids.length; low++) {
			const row = this.rows.get(ids[low]!);
			if (row) yield row;
		}
	}

	/** Rows written after a version, in order of their version. */
	*changedAfter(version: number): Generator<Row> {
		for (let at = this.after(version); at < this.versions.length; at++) {
			if (this.current(this.versions[at]!)) yield this.rows.get(this.versions[at]!.id)!;
		}
	}
}

const nothing: ReadonlySet<string> = new Set();

function keyOf(value: Value | undefined): string | null {
	return value === null || value === undefined ? null : String(value).toLowerCase();
}

function put(index: Map<string, Set<string>>, value: Value | undefined, id: string): void {
	const key = keyOf(value);
	if (key === null) return;
	const ids = index.get(key);
	if (ids) ids.add(id);
	else index.set(key, new Set([id]));
}
