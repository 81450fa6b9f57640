import type { Model } from './model';
import { TableStore } from './tableStore';
import type { Row } from './values';

/** All rows, the database-wide version counter, and undo. Writes only go through here, so that a failed change set leaves nothing behind. */
export class Database {
	private readonly stores = new Map<string, TableStore>();
	private version = 1_000_000;
	private journal: Array<() => void> | null = null;
	/** Rows created, changed or deleted since the start. */
	writes = 0;
	private counting = true;

	constructor(readonly model: Model) {}

	store(table: string): TableStore {
		let store = this.stores.get(table);
		if (!store) {
			this.model.table(table);
			store = new TableStore();
			this.stores.set(table, store);
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
		this.journal = journal;
		const close = () => {
			this.journal = outer;
		};
		return {
			commit: () => {
				close();
				outer?.push(...journal);
			},
			rollback: () => {
				this.journal = null;
				for (const undo of journal.reverse()) undo();
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
