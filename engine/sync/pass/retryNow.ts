import { referenceKey, resolvedReferences } from '../references/unresolvedReferences';
import type { PassContext } from '../contract/passContext';
import type { UnresolvedReference } from '../../model/failure';
import { waitsForReferences } from '../../model/requeued';
import type { LeftRecord } from './lookAgain';

/** Skipped and waiting records whose version is looked at in one run and direction; those beyond wait until they are read as changes. */
const LOOKED_AT = 2_000;

/**
 * Which of the records that earlier runs left something to do about are to be tried now: those that failed and were not skipped, those that were
 * requeued and do not wait, and of the others those whose reason may be gone — what they lacked has been created, or the record itself has
 * changed, inside the filter or not. What is known of deleted records vanishes.
 * Costs requests by the batch, never by the record, and none for records that are tried anyway.
 */
export class RetryNow {
	private looked = 0;

	constructor(
		private readonly context: PassContext,
		private readonly processed: ReadonlySet<string>,
	) {}

	/** `cured`: those among them that were left because of what they lacked. */
	async of(records: readonly LeftRecord[]): Promise<{ tryNow: string[]; cured: ReadonlySet<string> }> {
		const inReach = await this.creatable(records);
		const left = records.filter((record) => !isDue(record) && !this.processed.has(record.sourceId));
		const cured = await this.cured(left.filter(({ sourceId }) => inReach.has(sourceId)));
		const changed = await this.changed(left.filter(({ sourceId }) => !cured.has(sourceId)));
		const tryNow = records
			.filter((record) => inReach.has(record.sourceId) && (isDue(record) || cured.has(record.sourceId) || changed.has(record.sourceId)))
			.map(({ sourceId }) => sourceId);
		return { tryNow, cured };
	}

	/** A record without a partner is not tried by a run that creates none; what is known of it stays for one that does. */
	private async creatable(records: readonly LeftRecord[]): Promise<Set<string>> {
		const { session, mapping, source, options } = this.context;
		const ids = records.map(({ sourceId }) => sourceId);
		if (options.createUncoupled) return new Set(ids);
		return new Set((await session.store.couplingsOf(mapping.name, source.side, ids)).keys());
	}

	private async cured(left: readonly LeftRecord[]): Promise<Set<string>> {
		const waiting = left.filter((record) => awaited(record));
		if (waiting.length === 0) return new Set();
		const resolved = await resolvedReferences(
			this.context,
			waiting.flatMap((record) => awaited(record)!),
		);
		const due = waiting.filter((record) => awaited(record)!.every((each) => resolved.has(referenceKey(each))));
		for (const record of waiting) if (!due.includes(record)) this.context.recorder.stillWaiting(awaited(record)!);
		return new Set(due.map(({ sourceId }) => sourceId));
	}

	private async changed(left: readonly LeftRecord[]): Promise<Set<string>> {
		const { session, mapping, direction, source, lease } = this.context;
		const part = left.slice(0, Math.max(0, LOOKED_AT - this.looked));
		if (part.length === 0) return new Set();
		this.looked += part.length;
		const records = await source.system.readByIds(
			source.table,
			part.map(({ sourceId }) => sourceId),
			[],
		);
		const gone = part.filter(({ sourceId }) => !records.has(sourceId));
		if (gone.length > 0) {
			const keys = gone.map(({ sourceId }) => ({ mapping: mapping.name, direction, sourceId }));
			await session.store.commit({ failuresDone: keys, requeuedDone: keys }, lease);
		}
		return new Set(
			part
				.filter((record) => (records.get(record.sourceId)?.version ?? versionOf(record)) !== versionOf(record))
				.map(({ sourceId }) => sourceId),
		);
	}
}

/** Tried by every run. A failure that is left alone is looked at all the same when there is something else to do about the record. */
const isDue = ({ failure, requeued }: LeftRecord): boolean =>
	failure?.skipped === false || (requeued !== undefined && !waitsForReferences(requeued));

/** A record that failed is tried again for its failure's reason; what it owes goes with it then. */
const awaited = ({ failure, requeued }: LeftRecord): readonly UnresolvedReference[] | undefined =>
	failure ? failure.unresolved : requeued!.unresolved;

const versionOf = ({ failure, requeued }: LeftRecord): string | null => (failure ?? requeued)!.sourceVersion;
