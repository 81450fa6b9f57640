import { referenceKey, resolvedReferences } from '../references/unresolvedReferences';
import type { PassContext } from '../contract/passContext';
import type { Failure, UnresolvedReference } from '../../model/failure';
import { idsInside } from '../../mapping/filters/reading';
import { idOn } from '../../model/coupling';
import { isLasting } from '../../model/lastingStates';
import type { SystemRecord } from '../../model/record';
import { waitsForReferences } from '../../model/requeued';
import type { Handled } from './handled';
import { forgetOutside } from './leftOutside';
import type { LeftRecord } from './lookAgain';

/** Skipped and waiting records whose version is looked at in one run and direction; those beyond wait until they are read as changes. */
const LOOKED_AT = 2_000;

const LEFT_FILTER = 'LEFT_FILTER';

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
		private readonly handled: Pick<Handled, 'has'>,
	) {}

	/** `cured`: those among them that were left because of what they lacked, or because of a state that is over. */
	async of(records: readonly LeftRecord[]): Promise<{ tryNow: string[]; cured: ReadonlySet<string> }> {
		const inReach = await this.creatable(records);
		const left = records.filter((record) => !isDue(record) && !this.handled.has(record.sourceId));
		const cured = await this.cured(left.filter(({ sourceId }) => inReach.has(sourceId)));
		for (const id of await this.over(records.flatMap(({ failure }) => failure ?? []))) cured.add(id);
		const changed = await this.changed(left.filter((record) => !cured.has(record.sourceId) && !isOutside(record)));
		const tryNow = records
			.filter((record) => {
				// Whoever asks for another try: what the filter leaves out is not synchronized.
				const rests = !isDue(record) || isOutside(record);
				return inReach.has(record.sourceId) && (!rests || cured.has(record.sourceId) || changed.has(record.sourceId));
			})
			.map(({ sourceId }) => sourceId);
		const outside = await forgetOutside(this.context, failuresAmong(records, tryNow));
		return { tryNow: tryNow.filter((id) => !outside.has(id)), cured };
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

	/** What a query does not show need not be gone: only what the service says is gone needs no further try. */
	private async forgetGone(unread: readonly string[]): Promise<void> {
		const { session, mapping, direction, source, lease } = this.context;
		if (unread.length === 0) return;
		const there = await source.system.existing(source.table, unread);
		const keys = unread.filter((id) => !there.has(id)).map((sourceId) => ({ mapping: mapping.name, direction, sourceId }));
		if (keys.length > 0) await session.store.commit({ failuresDone: keys, requeuedDone: keys }, lease);
	}

	private async changed(left: readonly LeftRecord[]): Promise<Set<string>> {
		const { source } = this.context;
		const part = left.slice(0, Math.max(0, LOOKED_AT - this.looked));
		if (part.length === 0) return new Set();
		this.looked += part.length;
		const records = await source.system.readByIds(
			source.table,
			part.map(({ sourceId }) => sourceId),
			[],
		);
		await this.forgetGone(part.map(({ sourceId }) => sourceId).filter((id) => !records.has(id)));
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

const isOutside = ({ failure }: LeftRecord): boolean => failure?.errorCode === LEFT_FILTER;

function failuresAmong(records: readonly LeftRecord[], ids: readonly string[]): Failure[] {
	const wanted = new Set(ids);
	return records.flatMap(({ failure }) => (failure && wanted.has(failure.sourceId) ? [failure] : []));
}
