import { referenceKey, resolvedReferences } from '../references/unresolvedReferences';
import type { PassContext } from '../contract/passContext';
import type { Failure } from '../../model/failure';
import { idsInside } from '../../mapping/filters/reading';
import { idOn } from '../../model/coupling';
import { isLasting } from '../../model/lastingStates';
import type { SystemRecord } from '../../model/record';

/** Skipped records whose version is looked at in one run and direction; those beyond wait until they are read as changes. */
const LOOKED_AT = 2_000;

const LEFT_FILTER = 'LEFT_FILTER';

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
		for (const id of await this.over(failures)) cured.add(id);
		const open = skipped.filter(({ sourceId, errorCode }) => !cured.has(sourceId) && errorCode !== LEFT_FILTER);
		const changed = await this.changed(open);
		for (const id of cured) context.retryNow.add(id);
		return failures
			.filter(({ sourceId, skipped: left, errorCode }) => {
				// Whoever asks for another try: what the filter leaves out is not synchronized.
				const rests = left || errorCode === LEFT_FILTER;
				return inReach.has(sourceId) && (!rests || cured.has(sourceId) || changed.has(sourceId));
			})
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

	/** Lasting states that may be over: the record is back inside the filter, or its partner changed. */
	private async over(skipped: readonly Failure[]): Promise<string[]> {
		const { session, mapping, source, target, filter } = this.context;
		const lasting = skipped.filter(({ errorCode }) => isLasting(errorCode)).slice(0, LOOKED_AT);
		if (lasting.length === 0) return [];
		const left = lasting.filter(({ errorCode }) => errorCode === LEFT_FILTER).map(({ sourceId }) => sourceId);
		const back = left.length > 0 ? await idsInside(source.system, source.table, left, [], filter) : new Map<string, unknown>();
		await this.forgetGone(left.filter((id) => !back.has(id)));
		const closed = lasting.filter(({ errorCode, partnerVersion }) => errorCode !== LEFT_FILTER && partnerVersion);
		const couplings = await session.store.couplingsOf(
			mapping.name,
			source.side,
			closed.map(({ sourceId }) => sourceId),
		);
		const partners = [...couplings.values()].map((coupling) => idOn(coupling, target.side));
		const rows = partners.length > 0 ? await target.system.readByIds(target.table, partners, []) : new Map<string, SystemRecord>();
		const moved = closed.filter(({ sourceId, partnerVersion }) => {
			const coupling = couplings.get(sourceId);
			const row = coupling && rows.get(idOn(coupling, target.side));
			return row !== undefined && row.version !== partnerVersion;
		});
		return [...back.keys(), ...moved.map(({ sourceId }) => sourceId)];
	}

	private async forgetGone(outside: readonly string[]): Promise<void> {
		const { session, mapping, direction, source, lease } = this.context;
		if (outside.length === 0 || !lease) return;
		const there = await source.system.existing(source.table, outside);
		const gone = outside.filter((id) => !there.has(id));
		if (gone.length > 0)
			await session.store.commit({ failuresDone: gone.map((sourceId) => ({ mapping: mapping.name, direction, sourceId })) }, lease);
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
