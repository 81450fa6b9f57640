import type { PassContext } from '../contract/passContext';
import type { Failure } from '../../model/failure';
import type { RequeuedRecord } from '../../model/requeued';

/** A record that an earlier run left something to do about: it failed, it was requeued, or both. */
export interface LeftRecord {
	sourceId: string;
	failure?: Failure;
	requeued?: RequeuedRecord;
}

/** Failed and requeued records of the pass's direction together, in the order of their ids, so many at a time. */
export async function* leftRecords({ session, mapping, direction }: PassContext, pageSize: number): AsyncGenerator<LeftRecord[]> {
	let afterSourceId: string | undefined;
	for (;;) {
		const options = { limit: pageSize, ...(afterSourceId === undefined ? {} : { afterSourceId }) };
		const failures = await session.store.failures(mapping.name, direction, { ...options, includeSkipped: true });
		const records = new Map(failures.map((failure): [string, LeftRecord] => [failure.sourceId, { sourceId: failure.sourceId, failure }]));
		for (const requeued of await session.store.requeued(mapping.name, direction, options)) {
			const { sourceId } = requeued;
			records.set(sourceId, { ...records.get(sourceId), sourceId, requeued });
		}
		// Both lists end somewhere: what lies beyond the shorter one comes with the next part.
		const part = [...records.values()].sort((a, b) => (a.sourceId < b.sourceId ? -1 : 1)).slice(0, pageSize);
		if (part.length === 0) return;
		afterSourceId = part.at(-1)!.sourceId;
		yield part;
	}
}
