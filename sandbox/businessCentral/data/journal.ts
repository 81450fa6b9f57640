import type { Row } from './row';
import type { Table } from './table';

interface Entry {
	table: Table;
	id: string;
	before: Row | undefined;
	after: Row | undefined;
}

/** Writes of a transaction, so that they can be taken back and put in place again: nobody else sees them before the commit. */
export class Journal {
	private entries: Entry[] = [];
	private inPlace = true;

	get length(): number {
		return this.entries.length;
	}

	add(table: Table, id: string, before: Row | undefined, after: Row | undefined): void {
		this.entries.push({ table, id, before, after });
	}

	/** Takes the writes back, last first. */
	withdraw(): void {
		if (!this.inPlace) return;
		for (const { table, id, before } of [...this.entries].reverse()) table.set(id, before);
		this.inPlace = false;
	}

	/** Puts them in place again. Throws when somebody else wrote one of the rows meanwhile (in SQL that writer would have had to wait). */
	reapply(): void {
		if (this.inPlace) return;
		const first = new Map<string, Entry>();
		for (const entry of this.entries)
			if (!first.has(`${entry.table.name}/${entry.id}`)) first.set(`${entry.table.name}/${entry.id}`, entry);
		for (const { table, id, before } of first.values()) {
			if (table.get(id) !== before) throw new Error(`${table.name} ${id} was changed by another session while the transaction was open.`);
		}
		for (const { table, id, after } of this.entries) table.set(id, after);
		this.inPlace = true;
	}

	forget(): void {
		this.entries = [];
		this.inPlace = true;
	}
}
