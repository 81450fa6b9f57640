import type { Model } from './model';
import { TableStore, type TableDump } from './tableStore';
import type { Row } from './values';

/** All rows, the database-wide version counter, and undo. Writes only go through here, so that a failed change set leaves nothing behind. */
export class Database {
	private readonly stores = new Map<string, TableStore>();
	private version = 1_000_000;
	private journal: Array<() => void> | null = null;
	/** Rows created, changed or deleted since the start. */
	writes = 0;
	private counting = true;
	private readonly committed: Array<() => void> = [];

	private readonly fillers = new Map<string, () => Row[]>();

	constructor(readonly model: Model) {}

	/** Rows a table has from the start, put in place when it is first looked at: many are never. */
	fillWith(table: string, rows: () => Row[]): void {
		this.fillers.set(table, rows);
	}

	isFilled(table: string): boolean {
		return this.stores.has(table);
	}

	store(table: string): TableStore {
		let store = this.stores.get(table);
		if (!store) {
			const { primaryId } = this.model.table(table);
			store = new TableStore();
			this.stores.set(table, store);
			for (const row of this.fillers.get(table)?.() ?? []) store.put(String(row[primaryId]), row);
		}
		return store;
	}

	row(table: string, id: string): Row | undefined {
		return this.store(table).rows.get(id);
	}

	get lastVersion(): number {
		return this.version;
	}

	nextVersion(): number {
		return ++this.version;
	}

	/** Versions for rows that are put in place later; answers the first of them. */
	reserveVersions(count: number): number {
		const first = this.version + 1;
		this.version += count;
		return first;
	}

	put(table: string, id: string, row: Row): void {
		const store = this.store(table);
		const before = store.rows.get(id);
		store.put(id, row);
		const count = this.counting ? 1 : 0;
		this.writes += count;
		this.journal?.push(() => {
			this.writes -= count;
			if (before) store.put(id, before);
			else store.delete(id);
		});
	}

	delete(table: string, id: string): void {
		const store = this.store(table);
		const before = store.rows.get(id);
		if (!before) return;
		store.delete(id);
		store.tombstones.push({ version: this.nextVersion(), id });
		const count = this.counting ? 1 : 0;
		this.writes += count;
		this.journal?.push(() => {
			this.writes -= count;
			store.tombstones.pop();
			store.put(id, before);
		});
	}

	/** Takes a row away without a trace: nothing tells that it was there. */
	forget(table: string, id: string): void {
		this.store(table).delete(id);
	}

	dump(): Map<string, TableDump> {
		return new Map([...this.stores].map(([name, store]) => [name, store.dump()]));
	}

	/** Replaces everything by what was dumped; the version counter goes back with it. */
	restore(tables: ReadonlyMap<string, TableDump>, version: number): void {
		this.stores.clear();
		for (const [name, { rows, tombstones }] of tables) {
			if (!this.model.tables.has(name)) continue;
			const store = new TableStore();
			this.stores.set(name, store);
			const ordered = [...rows].sort(([, a], [, b]) => Number(a.versionnumber) - Number(b.versionnumber));
			for (const [id, row] of ordered) store.put(id, row);
			store.tombstones.push(...tombstones);
		}
		this.version = version;
	}

	/** Runs `work` once everything that is open now is committed; not at all when it is rolled back. */
	afterCommit(work: () => void): void {
		if (this.journal === null) work();
		else this.committed.push(work);
	}

	/** Rows the platform keeps beside those a client writes (addresses of accounts, pointers of activities) are not counted as writes. */
	beside<T>(work: () => T): T {
		const before = this.counting;
		this.counting = false;
		try {
			return work();
		} finally {
			this.counting = before;
		}
	}

	/** Opens a unit of work that only its owner closes; operations that wait in between must be kept apart by the caller. */
	begin(): { commit(): void; rollback(): void } {
		const outer = this.journal;
		const journal: Array<() => void> = [];
		const waiting = this.committed.length;
		this.journal = journal;
		const close = () => {
			this.journal = outer;
		};
		return {
			commit: () => {
				close();
				if (outer) outer.push(...journal);
				else for (const work of this.committed.splice(0)) work();
			},
			rollback: () => {
				this.journal = null;
				for (const undo of journal.reverse()) undo();
				this.committed.length = waiting;
				close();
			},
		};
	}

	/** Runs `work` whole or not at all. */
	atomically<T>(work: () => T): T {
		const unit = this.begin();
		try {
			const result = work();
			unit.commit();
			return result;
		} catch (error) {
			unit.rollback();
			throw error;
		}
	}
}
