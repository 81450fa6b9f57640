import { noteKeys } from '../../jobs/noteKeys';
import { isRunEnding, SyncError } from '../../model/errors';
import type { WrittenPair } from '../../mapping/rules';
import type { RecordPair } from '../../jobs/recorder';
import type { RunFollower } from '../../jobs/runFollower';
import type { Progress } from '../../ports/session';
import { GuardedOfPage } from './guardedOfPage';
import { followedUp } from './advanceBaseline';
import { deferredReferences } from '../references/deferredReferences';
import { requeue, requeueCompared, requeueDeferred, requeueOwed, stillOwed } from './requeue';
import { requeueOfRestored, type RestoredCouple } from './dependents';
import { isCurable, tellAll, uncoupledParents, unresolvedReferences } from '../references/unresolvedReferences';
import type { PassContext } from '../contract/passContext';
import type { InsertsInDoubt } from '../contract/insertsInDoubt';
import { withoutInFlight } from './inFlight';
import { isNobodys } from '../../mapping/companyOfRow';
import { tagsRows } from './tagCompany';
import { giveCompany, type RowOfCouple } from './giveCompany';
import type { SystemRecord } from '../../model/record';
import { otherSide, SIDES } from '../../model/side';
import { type Coupling, idOn, versionOn } from '../../model/coupling';
import { isPartlySeen } from '../../model/fieldSet';
import type { Intent } from '../../model/intent';
import type { Tombstone } from '../../model/tombstone';
import type { DeletedPartner } from '../../model/deletion';
import type { Failure, UnresolvedReference } from '../../model/failure';
import { type RequeuedRecord, waitsForReferences } from '../../model/requeued';
import type { Counters } from '../../model/job';
import type { StoreChanges } from '../../ports/storeChanges';
import type { FieldConflict } from '../../model/fieldConflict';
import type { WorkItem } from '../contract/workItem';
import type { Removal } from '../contract/removal';
import { isReadFromStart, otherWayDue } from './otherWay';
import { tombstoneOf } from './tombstones';
import type { FrontierMark } from '../reading/frontier';

/** A full synchronization that is told of each page, and how far the pass had come before this one. */
export interface Followed {
	follower: RunFollower;
	progress: Omit<Progress, 'mapping' | 'direction'>;
}

/** What the other direction keeps, whatever becomes of the couple in this one: a record outside the filter. */
const STAYS: ReadonlySet<string> = new Set(['LEFT_FILTER']);

/** What a page changes in the store, gathered for one transaction. */
export class PageRecord {
	private readonly couplings = new Map<string, Coupling>();
	private readonly uncoupled: Coupling[] = [];
	/** Couplings whose update was refused, until another one is sent. */
	private readonly refusals = new Map<string, Coupling>();
	private readonly failures: Failure[] = [];
	private readonly failuresGone: string[] = [];
	/** Failures of the other direction. */
	private readonly oppositeGone: Failure[] = [];
	private readonly oppositeDue: Failure[] = [];
	private readonly requeued: RequeuedRecord[] = [];
	/** Of the other direction: what couples that went one way for the first time have to bring back. */
	private readonly otherWay: RequeuedRecord[] = [];
	/** Of either direction. */
	private readonly requeuedGone: Array<Pick<RequeuedRecord, 'mapping' | 'direction' | 'sourceId'>> = [];
	private readonly intentsGone: string[] = [];
	private readonly tombstones: Tombstone[] = [];
	private readonly settledPairs: DeletedPartner[] = [];
	private removals: Removal[] = [];
	/** What the guard counts. */
	readonly guarded = new GuardedOfPage();
	/** Pairs that `afterWrite` is to see, with their records. */
	private written: Array<{ item: WorkItem; pair: WrittenPair; counted: keyof Counters | null }> = [];
	/** Couples of which nothing was written, though their row of CRM was read. */
	private known: WorkItem[] = [];
	/** Versions of source records after a rule of the mapping wrote to them. */
	private readonly sourcesAfter = new Map<string, string>();
	private readonly restoredCouples: RestoredCouple[] = [];
	private watermark: FrontierMark | null = null;
	/** Records of a page of changes; null for records read by id. */
	private read: number | null = null;

	constructor(
		private readonly context: PassContext,
		private readonly inDoubt: InsertsInDoubt,
		private readonly followed: Followed | null,
	) {}

	/** The record is dealt with: its coupling stands, an earlier failure and an open insert are settled. */
	complete(item: WorkItem, coupling: Coupling): void {
		this.couplings.set(coupling.bcId, coupling);
		this.guarded.done(coupling.bcId, item.source.id);
		if (item.replaces) this.uncouple(item.replaces);
		if (item.frees) this.uncouple(item.frees);
		this.forget(item);
		this.completeOpposite(item, coupling);
		this.letOppositeCompare(item, coupling);
		if (item.settles || this.inDoubt.of(item.source.id)) this.intentDone(item.source.id);
		if (item.owed?.left) this.requeued.push(requeueOwed(this.context, item.source.id, item.owed.left, item.requeued));
		const awaited = deferredReferences(this.context, item.source);
		if (awaited.length > 0) this.requeued.push(requeueDeferred(this.context, item.source, awaited, item.requeued));
	}

	/** What is known of the couple stands, though something of the record is left to do. */
	keep(item: WorkItem, coupling: Coupling): void {
		this.couplings.set(coupling.bcId, coupling);
		this.letOppositeCompare(item, coupling);
	}

	private letOppositeCompare({ again }: WorkItem, coupling: Coupling): void {
		const back = again && requeueCompared(this.context, again.dueBack, coupling);
		if (back) this.requeued.push(back);
	}

	/** As `complete`, for a couple that was there before: what the other direction has to bring is not forgotten. */
	completePair(item: WorkItem, coupling: Coupling): void {
		this.complete(item, coupling);
		const due = otherWayDue(this.context, item, coupling);
		if (due) this.otherWay.push(due);
	}

	/** The pair was written, or both of its records were read and found equal; `counted` as what. */
	wrote(
		item: WorkItem,
		target: SystemRecord,
		inserted: boolean,
		counted: keyof Counters | null,
		by: Pick<WrittenPair, 'changed'> = {},
	): void {
		const { rules } = this.context;
		const row = this.context.target.side === 'crm' ? target : item.source;
		if (!rules.afterWrite && !(tagsRows(this.context) && isNobodys(row))) return;
		// An insert that a crash interrupted, and that was found and settled since, has its follow-ups still before it.
		const recovered = item.coupling?.lastSyncedAt === null && item.coupling.baseline !== null;
		this.written.push({ item, pair: { source: item.source, target, inserted: inserted || recovered, ...by }, counted });
	}

	/** The two stay a couple, whatever became of their values: the row is no other company's to take. */
	belongs(item: WorkItem): void {
		if (item.coupling && typeof item.partner !== 'string' && tagsRows(this.context)) this.known.push(item);
	}

	/**
	 * What the mapping's rule does with pairs after their write. Its errors become failures, so that the next run does it again; the pairs stay
	 * coupled.
	 */
	async finish(): Promise<void> {
		this.requeued.push(...(await requeueOfRestored(this.context, this.restoredCouples.splice(0))));
		if (this.written.length > 0 && this.context.rules.afterWrite) await this.followUp(this.written);
		await this.stamp();
		this.written = [];
		this.known = [];
	}

	/**
	 * The page did not come as far as `finish`, or not through it: pairs stay coupled as if a crash had come in between, and the next run looks at
	 * them once more.
	 */
	leaveFollowUps(): void {
		for (const each of this.written) this.leaveFollowUp(each);
		this.written = [];
		for (const { coupling } of this.restoredCouples.splice(0)) this.leaveRestored(coupling);
	}

	/** What went with the record was not asked for: its insert stays open, and the next run finds what it made, and asks. */
	private leaveRestored(coupling: Coupling): void {
		const { side } = this.context.source;
		const sourceId = idOn(coupling, side);
		this.couplings.delete(coupling.bcId);
		keep(this.uncoupled, (each) => idOn(each, side) !== sourceId);
		keep(this.intentsGone, (each) => each !== sourceId);
	}

	private leaveFollowUp({ item, pair }: PageRecord['written'][number]): void {
		const { target, direction } = this.context;
		this.follow(item, pair);
		const coupling = this.couplings.get(target.side === 'crm' ? item.source.id : pair.target.id);
		// What such a pair looks like tells the next run that it was just created.
		if (coupling && pair.inserted) this.couplings.set(coupling.bcId, { ...coupling, lastSyncedAt: null });
		if (!this.failures.some(({ sourceId }) => sourceId === item.source.id))
			this.requeued.push(requeue(this.context, direction, item.source.id, 'followUpDue'));
	}

	private async followUp(written: PageRecord['written']): Promise<void> {
		let stopped: unknown;
		const errors = await this.context.rules.afterWrite!(
			this.context,
			written.map(({ pair }) => pair),
		).catch((error: unknown) => {
			if (!(error instanceof SyncError) || isRunEnding(error)) throw error;
			stopped = error;
			return new Map(written.map(({ pair }): [string, SyncError] => [pair.source.id, error]));
		});
		for (const { item, pair, counted } of written) {
			this.follow(item, pair);
			const error = errors.get(pair.source.id);
			if (!error) continue;
			if (isRunEnding(error)) {
				this.leaveFollowUp({ item, pair, counted });
				continue;
			}
			if (counted) this.context.recorder.uncount(counted);
			this.fail({ ...item, partner: pair.target }, error, []);
		}
		if (stopped === undefined) return;
		this.written = [];
		throw stopped;
	}

	/** What the rule wrote to either record is not taken for somebody's edit. */
	private follow(item: WorkItem, { source, target, after, sourceAfter }: WrittenPair): void {
		const { fields, target: side } = this.context;
		if (sourceAfter) this.sourcesAfter.set(source.id, sourceAfter.version);
		const bcId = side.side === 'crm' ? item.source.id : target.id;
		for (const [on, before, now] of [
			[side.side, target, after],
			[otherSide(side.side), source, sourceAfter],
		] as const) {
			const coupling = now && this.couplings.get(bcId);
			if (coupling) this.couplings.set(bcId, followedUp(coupling, fields, on, before, now));
		}
	}

	/** Rows of the page's couples get their company; one that does not is a failure of its record. */
	private async stamp(): Promise<void> {
		const { direction } = this.context;
		if (!tagsRows(this.context)) return;
		const { couplings, versions, refused } = await giveCompany(this.context, this.rowsOfCouples());
		for (const coupling of couplings) this.couplings.set(coupling.bcId, coupling);
		for (const { row, error } of refused) this.fail(row.item, error, []);
		// The version that the company gave a row is nobody's change.
		for (const failure of this.failures)
			if (direction === 'fromCrm') failure.sourceVersion = versions.get(failure.sourceId) ?? failure.sourceVersion;
	}

	/** What the mapping's own rule wrote to a row since is the newer state of it. */
	private rowsOfCouples(): Array<RowOfCouple & { item: WorkItem }> {
		const fromCrm = this.context.source.side === 'crm';
		const failed = new Set(this.failures.map(({ sourceId }) => sourceId));
		const written = this.written.map(({ item, pair: { source, sourceAfter, target, after }, counted }) => ({
			item: { ...item, partner: target },
			row: fromCrm ? (sourceAfter ?? source) : (after ?? target),
			coupling: this.couplings.get(fromCrm ? target.id : source.id),
			counted: failed.has(item.source.id) ? ('failed' as const) : counted,
		}));
		const known = this.known.map((item) => ({
			item,
			row: fromCrm ? item.source : (item.partner as SystemRecord),
			// A couple that this page made is stored only if something of it stands.
			coupling: this.couplings.get(item.coupling!.bcId) ?? (item.matched ? undefined : (item.again?.stored ?? item.coupling!)),
			counted: failed.has(item.source.id) ? ('failed' as const) : ('skipped' as const),
		}));
		const ids = new Set(written.map(({ row }) => row.id));
		const rows = [...written, ...known.filter(({ row, coupling }) => coupling !== undefined && !ids.has(row.id))];
		return rows.map((each) => ({ ...each, pair: this.pair(each.item) }));
	}

	/** The update of the pair was refused: nothing of it is under way any more. */
	refused({ coupling, again }: WorkItem): void {
		if (coupling?.baseline) this.refusals.set(coupling.bcId, withoutInFlight(again?.stored ?? coupling));
	}

	uncouple(coupling: Coupling): void {
		this.guarded.done(coupling.bcId);
		this.uncoupled.push(coupling);
	}

	/** To be uncoupled or deleted once the guard agrees. */
	remove(removals: Removal): void {
		this.removals.push(removals);
	}

	takeRemovals(): Removal[] {
		const doomed = this.removals;
		this.removals = [];
		return doomed;
	}

	/** Neither record is left: the coupling is removed without an entry in the log, whatever the strategy. */
	dropBoth(coupling: Coupling): void {
		const { recorder, source, target } = this.context;
		recorder.count('uncoupled');
		recorder.change({ action: 'uncouple', written: target.side, fields: [] }, { businessCentral: null, crm: null, coupling, gone: SIDES });
		this.uncouple(coupling);
		const sourceId = idOn(coupling, source.side);
		this.failuresGone.push(sourceId);
		this.requeuedGone.push({ mapping: coupling.mapping, direction: this.context.direction, sourceId });
	}

	/** What the search for deletions found about the pairs is dealt with. */
	deletedPartnersDone(pairs: readonly DeletedPartner[]): void {
		this.settledPairs.push(...pairs);
	}

	fail(item: WorkItem, error: SyncError, conflicts: readonly FieldConflict[]): void {
		const { recorder, direction, target } = this.context;
		if (isRunEnding(error)) {
			// It did not fail, it is only not done yet.
			this.requeued.push(requeue(this.context, direction, item.source.id, 'runEnded'));
			return;
		}
		const missing = isCurable(error) ? missingFor(this.context, item) : [];
		const told = tellAll(error, missing);
		const failure = recorder.fail({ direction, sourceId: item.source.id, sourceVersion: item.source.version }, this.pair(item), told, {
			known: item.failure,
			conflicts,
			missing,
		});
		const known = item.coupling && versionOn(item.coupling, target.side);
		this.failures.push({ ...failure, partnerVersion: typeof item.partner === 'string' ? (known ?? null) : item.partner.version });
		if (item.requeued) this.lookedAt(item.requeued);
		if (item.opposite) this.retryOpposite(item, item.opposite);
	}

	/**
	 * What the other direction failed to deliver may be settled now: both sides stand at the baseline, proved by versions that were read or
	 * written just now.
	 */
	private completeOpposite(item: WorkItem, coupling: Coupling): void {
		const { oppositeRequeued } = item;
		const opposite = item.opposite && !STAYS.has(item.opposite.errorCode) ? item.opposite : undefined;
		const versionOf = (each: Coupling | null): string | null => each && versionOn(each, this.context.target.side);
		const seen = typeof item.partner !== 'string' || versionOf(coupling) !== versionOf(item.coupling);
		const settled = seen && coupling.bcVersion !== null && coupling.crmVersion !== null;
		if (settled && oppositeRequeued) this.lookedAt(oppositeRequeued);
		if (settled && opposite) this.oppositeGone.push(opposite);
		else if (opposite) this.retryOpposite(item, opposite);
	}

	/** The other direction skips its record until something changes; a change of this side counts. */
	private retryOpposite(item: WorkItem, opposite: Failure): void {
		const known = opposite.partnerVersion ?? null;
		if (opposite.skipped && known !== null && known !== item.source.version) this.oppositeDue.push(opposite);
	}

	/** The other direction is to deal with its record first. */
	requeue(record: RequeuedRecord): void {
		this.requeued.push(record);
	}

	/** The record need not be looked at at once any more, whatever it still owes. */
	private lookedAt(record: RequeuedRecord): void {
		if (waitsForReferences(record)) return;
		const owed = stillOwed(record);
		this.requeuedGone.push(record);
		if (owed) this.requeued.push(owed);
	}

	/** The couple ends because one of its records was deleted; the other one is left as it is. */
	letGo({ source, coupling }: WorkItem): void {
		this.tombstones.push(tombstoneOf(coupling!, source.version, this.context.recorder.now()));
	}

	/** Nothing of the record is left to be done: an earlier failure is settled, and it is not looked at again. */
	forget({ source, failure, requeued }: WorkItem): void {
		if (failure) this.failuresGone.push(source.id);
		if (requeued) this.requeuedGone.push(requeued);
	}

	/** Its deleted partner was created again; `coupling`: with the new one. `byHand`: somebody asked for it. */
	restored(coupling: Coupling, byHand: boolean): void {
		this.restoredCouples.push({ coupling, byHand });
	}

	/** The service refused the insert, and it is about to be sent otherwise: its intent stays until then. */
	insertRefused(sourceId: string): void {
		this.inDoubt.settled(sourceId);
	}

	intentDone(sourceId: string): void {
		this.intentsGone.push(sourceId);
		this.inDoubt.settled(sourceId);
	}

	/** The watermark may move here once the page, which stands for `read` records, is committed. */
	advanceTo(watermark: FrontierMark | null, read: number): void {
		this.watermark = watermark;
		this.read = read;
	}

	/** Versions of source records as the page leaves them, by id: what it wrote to them itself is known. */
	versionsNow(): Map<string, string> {
		const { side } = this.context.source;
		const known = [...this.couplings.values()].map((coupling): [string, string | null] => [
			idOn(coupling, side),
			versionOn(coupling, side),
		]);
		return new Map([...this.sourcesAfter, ...known.filter((each): each is [string, string] => each[1] !== null)]);
	}

	/** Makes the intents, what the guard counts, and the log so far, durable before anything is sent. */
	async persistIntents(intents: readonly Intent[], couplings: readonly Coupling[]): Promise<void> {
		const log = this.context.recorder.takeLog();
		const massChanges = this.guarded.announce();
		if (intents.length === 0 && couplings.length === 0 && log.length === 0 && massChanges.length === 0) return;
		await noteKeys(this.context.session);
		await this.context.session.store.commit({ intents, couplings: [...couplings], log, massChanges }, this.context.lease);
		for (const { bcId } of couplings) this.refusals.delete(bcId);
		for (const intent of intents) this.inDoubt.stored(intent);
	}

	async commit(): Promise<void> {
		const { session, mapping, direction, lease, recorder } = this.context;
		const key = (sourceId: string): { mapping: string; direction: typeof direction; sourceId: string } => ({
			mapping: mapping.name,
			direction,
			sourceId,
		});
		const changes: StoreChanges = {
			couplings: [...this.couplings.values(), ...this.refusedOnly()],
			uncouple: this.uncoupled.map(({ bcId, crmId }) => ({ mapping: mapping.name, bcId, crmId })),
			failures: this.failures,
			failuresDone: [...this.failuresGone.map(key), ...this.oppositeGone],
			failuresDue: this.oppositeDue,
			requeued: [...this.requeued, ...(await this.dueOtherWay())],
			requeuedDone: this.requeuedGone,
			intentsDone: this.intentsGone.map(key),
			deletedPartnersDone: this.settledPairs,
			tombstones: this.tombstones,
			...this.guarded.settle((sourceId) => this.inDoubt.of(sourceId) !== undefined),
			log: recorder.takeLog(),
			job: recorder.snapshot(),
			...this.followedBy(),
			...this.notAllSeen(),
			...(this.watermark ? { watermark: this.watermark } : {}),
		};
		await noteKeys(session);
		await session.store.commit(changes, lease);
		const stamp = this.watermark?.stamp;
		if (stamp && (recorder.watermark === null || Date.parse(stamp) > Date.parse(recorder.watermark))) recorder.watermark = stamp;
	}

	/** Couples of this page could not be compared in all fields: the couplings are to be gone through again. */
	private notAllSeen(): Pick<StoreChanges, 'fieldSet'> {
		const { mapping, fieldSets } = this.context;
		const partly = [...this.couplings.values()].some(({ fieldSet }) => isPartlySeen(fieldSet));
		return partly ? { fieldSet: { mapping: mapping.name, set: fieldSets.current, position: '' } } : {};
	}

	/** What is requeued for a reason of its own is looked at anyhow. */
	private async dueOtherWay(): Promise<RequeuedRecord[]> {
		if (this.otherWay.length === 0 || (await isReadFromStart(this.context))) return [];
		const known = new Set(this.requeued.map(({ direction, sourceId }) => `${direction} ${sourceId}`));
		return this.otherWay.filter(({ direction, sourceId }) => !known.has(`${direction} ${sourceId}`));
	}

	private refusedOnly(): Coupling[] {
		const gone = new Set(this.uncoupled.map(({ bcId }) => bcId));
		return [...this.refusals.values()].filter(({ bcId }) => !gone.has(bcId) && !this.couplings.has(bcId));
	}

	private followedBy(): Pick<StoreChanges, 'fullSync'> {
		if (!this.followed || this.read === null) return {};
		const { follower, progress } = this.followed;
		return { fullSync: [follower.page(this.context.recorder.job, { ...progress, done: progress.done + this.read }, this.watermark)] };
	}

	pair(item: WorkItem): RecordPair {
		const { direction, target } = this.context;
		const partner = typeof item.partner === 'string' ? null : item.partner;
		const gone = item.partner === 'missing' ? { gone: [target.side] } : {};
		return direction === 'toCrm'
			? { businessCentral: item.source, crm: partner, coupling: item.coupling, ...gone }
			: { businessCentral: partner, crm: item.source, coupling: item.coupling, ...gone };
	}
}

function keep<T>(list: T[], fits: (each: T) => boolean): void {
	list.splice(0, list.length, ...list.filter(fits));
}

/** All that keeps a record from being delivered and that is not coupled, so that one look tells what to couple first. */
const missingFor = (context: PassContext, { source, coupling }: WorkItem): UnresolvedReference[] => [
	...unresolvedReferences(context, source, coupling),
	...uncoupledParents(context, source, coupling),
];
