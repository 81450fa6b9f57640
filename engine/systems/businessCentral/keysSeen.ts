import { type KnownKey, keyTableOf } from '../../model/recordIdentity';
import type { SystemRecord, TableSource } from '../../model/record';

/** Records whose keys are kept until somebody notes them: a few pages. Who reads without noting, as a preview does, is not to fill the memory. */
const MOST = 50_000;

/** Keys of records that are known by their SystemIds, as reads have met them since they were noted last. */
export class KeysSeen {
	private tables = new Map<string, Map<string, string>>();
	private size = 0;

	see(table: TableSource, records: readonly SystemRecord[]): void {
		if (!table.extension) return;
		const name = keyTableOf(table);
		const known = this.tables.get(name) ?? new Map<string, string>();
		this.tables.set(name, known);
		for (const { id, key } of records) {
			if (key === undefined) continue;
			// What was met last stands last, so that what goes is what was met first.
			if (!known.delete(id)) this.size++;
			known.set(id, key);
			if (this.size > MOST) this.forgetFirst();
		}
	}

	take(): Map<string, KnownKey[]> {
		const taken = new Map([...this.tables].map(([table, keys]) => [table, [...keys].map(([id, key]) => ({ id, key }))]));
		this.tables = new Map();
		this.size = 0;
		return taken;
	}

	private forgetFirst(): void {
		for (const keys of this.tables.values()) {
			const [first] = keys.keys();
			if (first === undefined) continue;
			keys.delete(first);
			this.size--;
			return;
		}
	}
}
