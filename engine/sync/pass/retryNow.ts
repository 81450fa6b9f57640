import { referenceKey, resolvedReferences } from '../references/unresolvedReferences';
import type { PassContext } from '../contract/passContext';
import type { Failure } from '../../model/failure';

/** Skipped records whose version is looked at in one run and direction; those beyond wait until they are read as changes. */
const LOOKED_AT = 2_000;

/**
 * Which of the records that failed earlier are to be tried now: all that were not skipped, and of the skipped ones those whose reason may be
 * gone — what they lacked has been created, or the record itself has changed, inside the filter or not. Failures of deleted records vanish.
 * Costs requests by the batch, never by the record, and none for records that were not skipped.
 */
export class RetryNow {
	private looked = 0;

	constructor(private readonly context: PassContext) {}

	async of(failures: readonly Failure[]): Promise<string[]> {
		const { context } = this;
		const inReach = await this.creatable(failures);
		const skipped = failures.filter((failure) => failure.skipped && !context.processed.has(failure.sourceId));
		const cured = await this.cured(skipped.filter((failure) => inReach.has(failure.sourceId)));
		const changed = await this.changed(skipped.filter((failure) => !cured.has(failure.sourceId)));
		for (const id of cured) context.retryNow.add(id);
		return failures
			.filter(({ sourceId, skipped: left }) => inReach.has(sourceId) && (!left || cured.has(sourceId) || changed.has(sourceId)))
			.map(({ sourceId }) => sourceId);
	}

	/** A record without a partner is not tried by a run that creates none; its failure stays for one that does. */
	private async creatable(failures: readonly Failure[]): Promise<Set<string>> {
		const { session, mapping, source, options } = this.context;
		const ids = failures.map(({ sourceId }) => sourceId);
		if (options.createUncoupled) return new Set(ids);
		return new Set((await session.store.couplingsOf(mapping.name, source.side, ids)).keys());
	}

	private async cured(skipped: readonly Failure[]): Promise<Set<string>> {
		const waiting = skipped.filter(({ unresolved }) => unresolved);
		if (waiting.length === 0) return new Set();
		const resolved = await resolvedReferences(
			this.context,
			waiting.flatMap(({ unresolved }) => unresolved!),
		);
		const due = waiting.filter(({ unresolved }) => unresolved!.every((each) => resolved.has(referenceKey(each))));
		for (const { unresolved, sourceId } of waiting) {
			if (!due.some((each) => each.sourceId === sourceId)) this.context.recorder.stillWaiting(unresolved!);
		}
		return new Set(due.map(({ sourceId }) => sourceId));
	}

	private async changed(skipped: readonly Failure[]): Promise<Set<string>> {
		const { session, mapping, direction, source, lease } = this.context;
		const part = skipped.slice(0, Math.max(0, LOOKED_AT - this.looked));
		if (part.length === 0) return new Set();
		this.looked += part.length;
		const records = await source.system.readByIds(
			source.table,
			part.map(({ sourceId }) => sourceId),
			[],
		);
		const unread = part.filter(({ sourceId }) => !records.has(sourceId));
		const there =
			unread.length > 0
				? await source.system.existing(
						source.table,
						unread.map(({ sourceId }) => sourceId),
					)
				: new Set<string>();
		const gone = unread.filter(({ sourceId }) => !there.has(sourceId));
		if (gone.length > 0 && lease) {
			await session.store.commit({ failuresDone: gone.map(({ sourceId }) => ({ mapping: mapping.name, direction, sourceId })) }, lease);
		}
		return new Set(
			part
				.filter(({ sourceId, sourceVersion }) => (records.get(sourceId)?.version ?? sourceVersion) !== sourceVersion)
				.map(({ sourceId }) => sourceId),
		);
	}
}
