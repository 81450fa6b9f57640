import { HeldBySource } from './heldBySource';
import type { RequeuedRecord } from '../model/requeued';
import type { SyncStore } from '../ports/syncStore';

/** Records to be looked at again, as the overlay holds them. */
export class HeldRequeued extends HeldBySource<RequeuedRecord> {
	constructor(private readonly store: SyncStore) {
		super();
	}

	/** A record that is requeued once more goes on owing what it owed, unless it is told anew. */
	async add(records: readonly RequeuedRecord[]): Promise<void> {
		const before = new Map<RequeuedRecord, RequeuedRecord | null>();
		for (const record of records) before.set(record, await this.known(record));
		const first = new Map<string, RequeuedRecord>();
		for (const record of records) {
			const key = `${record.mapping}\n${record.direction}\n${record.sourceId}`;
			const owed = first.get(key) ?? record;
			const owing = record.owed ?? owed.owed;
			const own = owing ? { ...record, owed: owing } : record;
			const told = record.fields.length === 0 ? { ...own, ...pickOwed(owed) } : own;
			first.set(key, told);
			const stored = before.get(record);
			this.put(stored ? again(stored, told) : told);
		}
	}

	private async known({ mapping, direction, sourceId }: RequeuedRecord): Promise<RequeuedRecord | null> {
		const held = this.get(mapping, direction, sourceId);
		return held === undefined ? ((await this.store.requeuedOf(mapping, direction, [sourceId])).get(sourceId) ?? null) : held;
	}
}

const pickOwed = ({ fields, unresolved, sourceVersion }: RequeuedRecord) => ({ fields, unresolved, sourceVersion });

const again = (stored: RequeuedRecord, record: RequeuedRecord): RequeuedRecord => ({
	...record,
	...(record.fields.length === 0 ? { fields: stored.fields, unresolved: stored.unresolved } : {}),
	...(record.owed || !stored.owed ? {} : { owed: stored.owed }),
	sourceVersion: record.sourceVersion ?? stored.sourceVersion,
	attempts: stored.attempts + 1,
	since: stored.since,
});
