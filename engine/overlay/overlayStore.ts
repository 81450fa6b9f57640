import { findCouplings, listFailures } from './couplingPages';
import { countRequeued, listRequeued, requeuedOf } from './requeuedPages';
import { unmetCouplings } from './unmetCouplings';
import { HeldState } from './heldState';
import { firstAfter } from './inOrder';
import type { PassDirection } from '../model/direction';
import type { CompanySettings } from '../model/companySettings';
import type { MappingSettings } from '../model/tableMapping';
import type { Side } from '../model/side';
import type { ChangeToken } from '../model/changeToken';
import type { RememberedOffer } from '../ports/surfaceMemory';
import { type CoupledPair, type Coupling, idOn, versionOn } from '../model/coupling';
import type { CoupledVersion, VersionComparison } from '../model/comparison';
import type { DeletedPartner } from '../model/deletion';
import type { Failure } from '../model/failure';
import type { KnownFieldSets } from '../model/fieldSet';
import type { FullSyncLine } from '../model/fullSync';
import type { CoupledDocument, DocumentQuery } from '../model/document';
import type { DerivedRow, DerivedRowSide } from '../model/derivedRow';
import type { Intent } from '../model/intent';
import type { DayOfChanges, MassChange } from '../model/massChange';
import type { Job } from '../model/job';
import type { Lease, LeaseInUse } from '../model/lease';
import type { LogEntry } from '../model/logEntry';
import type { Origin } from '../model/storeIdentity';
import type { RequeuedRecord } from '../model/requeued';
import type { Sibling } from '../model/sibling';
import type { Tombstone } from '../model/tombstone';
import type { StoredTrigger, TriggerSignal, TriggerSubscription } from '../model/trigger';
import type { Watermark } from '../model/watermark';
import type { Clock } from '../ports/clock';
import type { StateTransfer } from '../ports/stateTransfer';
import type { StoreChanges } from '../ports/storeChanges';
import type {
	CouplingQuery,
	FailureListQuery,
	FailureSelection,
	LogQuery,
	Page,
	RequeuedCount,
	RequeuedListQuery,
} from '../ports/storeQueries';
import type { SyncStore } from '../ports/syncStore';

const DIRECTIONS = ['toCrm', 'fromCrm'] as const;

/**
 * A store as it would be once what is committed here had been committed. Nothing reaches the store below; every question is answered with what is held
 * here beside it. Leases are given to everybody: what only looks is in nobody's way.
 */
export class OverlayStore implements SyncStore {
	private readonly state: HeldState;
	private fences = 0;

	constructor(
		private readonly store: SyncStore,
		private readonly clock: Clock,
	) {
		this.state = new HeldState(store);
	}

	get connectionId() {
		return this.store.connectionId;
	}

	get knownAs() {
		return this.store.knownAs;
	}

	get identity() {
		return this.store.identity;
	}

	async settings(): Promise<Map<string, MappingSettings>> {
		const settings = new Map(await this.store.settings());
		for (const [mapping, own] of this.state.settings) {
			if (own === null) settings.delete(mapping);
			else settings.set(mapping, own);
		}
		return settings;
	}

	saveSettings(mapping: string, settings: MappingSettings | null): Promise<void> {
		this.state.settings.set(mapping, settings);
		return Promise.resolve();
	}

	async companySettings(): Promise<Partial<CompanySettings>> {
		const own = this.state.companySettings;
		return own === undefined ? await this.store.companySettings() : (own ?? {});
	}

	saveCompanySettings(settings: Partial<CompanySettings> | null): Promise<void> {
		this.state.companySettings = settings;
		return Promise.resolve();
	}

	acquireLease(mapping: string, owner: string): Promise<Lease> {
		return Promise.resolve({ mapping, owner, fence: ++this.fences });
	}

	leaseInUse(mapping: string): Promise<LeaseInUse | null> {
		return this.store.leaseInUse(mapping);
	}

	renewLease(): Promise<boolean> {
		return Promise.resolve(true);
	}

	releaseLease(): Promise<void> {
		return Promise.resolve();
	}

	runningMappings(): Promise<Set<string>> {
		return this.store.runningMappings();
	}

	async couplingsOf(mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, Coupling>> {
		const held = this.state.couplingsOf(mapping);
		const found = new Map<string, Coupling>();
		for (const [id, coupling] of await this.store.couplingsOf(mapping, side, ids)) if (!held.isHidden(coupling)) found.set(id, coupling);
		for (const id of ids) {
			const own = held.get(side, id);
			if (own) found.set(id, own);
		}
		return found;
	}

	async couplingsWithNumbers(mapping: string, numbers: readonly string[]): Promise<Map<string, Coupling>> {
		const held = this.state.couplingsOf(mapping);
		const stored = await this.store.couplingsWithNumbers(mapping, numbers);
		const found = new Map([...stored].filter(([, coupling]) => !held.isHidden(coupling)));
		for (const number of numbers) {
			const own = held.withNumber(number);
			if (own) found.set(number, own);
		}
		return found;
	}

	findCouplings(query: CouplingQuery): Promise<Page<Coupling & { failure: Failure | null }>> {
		return findCouplings(this.store, this.state, query);
	}

	async countCouplings(mapping?: string): Promise<number> {
		const names = mapping === undefined ? this.state.mappingsWithCouplings() : [mapping];
		const more = names.reduce((sum, name) => sum + this.state.couplingsOf(name).difference, 0);
		return (await this.store.countCouplings(mapping)) + more;
	}

	/** Couples that the overlay alone has ended still tell that the state is the one that made them. */
	async knowsCouples(mapping?: string): Promise<boolean> {
		const names = mapping === undefined ? this.state.mappingsWithCouplings() : [mapping];
		const ended = [...this.state.tombstones.values()].some(({ kind, mapping: of }) => kind === 'deleted' && (mapping ?? of) === of);
		if (ended || this.state.intents.all(mapping).length > 0 || names.some((name) => this.state.couplingsOf(name).size > 0)) return true;
		return await this.store.knowsCouples(mapping);
	}

	siblings(): Promise<Sibling[]> {
		return this.store.siblings();
	}

	takeOverSibling(): Promise<string[]> {
		return Promise.reject(new Error('A connection is not taken over in a preview.'));
	}

	/** Couples that were changed here were seen as they would be, not as the service has them. */
	async newestSeen(mapping: string, side: Side, limit: number): Promise<Coupling[]> {
		const held = this.state.couplingsOf(mapping);
		return (await this.store.newestSeen(mapping, side, limit)).filter((coupling) => !held.isHidden(coupling));
	}

	fieldSets(mapping: string): Promise<KnownFieldSets> {
		return this.state.fieldSets(mapping);
	}

	origin(mapping: string): Promise<Origin | null> {
		return this.state.origin(mapping);
	}

	couplingPairs(mapping: string, afterBcId: string, limit: number): Promise<CoupledPair[]> {
		const held = this.state.couplingsOf(mapping);
		const read = (after: string, count: number) => this.store.couplingPairs(mapping, after, count);
		return firstAfter({ read, keyOf: ({ bcId }) => bcId, isHidden: (pair) => held.isHidden(pair), own: held.pairs() }, afterBcId, limit);
	}

	async comparison(mapping: string, side: Side): Promise<VersionComparison | null> {
		return this.state.comparisons.get(mapping, side) ?? (await this.store.comparison(mapping, side));
	}

	async couplingVersions(mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, CoupledVersion>> {
		const held = this.state.couplingsOf(mapping);
		const found = new Map<string, CoupledVersion>();
		for (const [id, coupled] of await this.store.couplingVersions(mapping, side, ids)) if (!held.isHidden(coupled)) found.set(id, coupled);
		for (const id of ids) {
			const own = held.get(side, id);
			if (own) found.set(id, { bcId: own.bcId, crmId: own.crmId, version: versionOn(own, side) });
		}
		return found;
	}

	async comparedVersions(mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, string>> {
		return this.state.comparisons.versions(mapping, side, ids, await this.store.comparedVersions(mapping, side, ids));
	}

	unmetCouplings(
		mapping: string,
		side: Side,
		options: { beganAt: string; afterBcId: string; limit: number },
	): Promise<{ pairs: CoupledPair[]; last: string | null }> {
		return unmetCouplings(this.store, this.state, { mapping, side }, options);
	}

	forgetCompared(mapping: string, side: Side, beganAt: string): Promise<void> {
		this.state.comparisons.forget(mapping, side, beganAt);
		return Promise.resolve();
	}

	deletedPartners(
		mapping: string,
		side: Side,
		{ afterBcId = '', limit }: { afterBcId?: string; limit: number },
	): Promise<DeletedPartner[]> {
		const read = (after: string, count: number) => this.store.deletedPartners(mapping, side, { afterBcId: after, limit: count });
		return this.state.deletions.first({ mapping, side }, read, afterBcId, limit);
	}

	async tombstones(mapping: string, side: Side, ids: readonly string[], kind?: Tombstone['kind']): Promise<Map<string, Tombstone>> {
		const { tombstones, forgotten } = this.state;
		const known = forgotten.has(mapping) ? new Map<string, Tombstone>() : await this.store.tombstones(mapping, side, ids, kind);
		const found = new Map([...known].filter(([, { crmId }]) => !tombstones.has(`${mapping}\n${crmId}`)));
		if (tombstones.size === 0) return found;
		const wanted = new Set(ids);
		for (const each of tombstones.values()) {
			if (each.mapping !== mapping || !wanted.has(idOn(each, side)) || (kind !== undefined && each.kind !== kind)) continue;
			const id = idOn(each, side);
			if (!found.has(id) || Date.parse(found.get(id)!.endedAt) <= Date.parse(each.endedAt)) found.set(id, each);
		}
		return found;
	}

	massChangesOfDay(mapping: string): Promise<DayOfChanges> {
		return this.state.massChanges.ofDay(mapping);
	}

	massChangesAmong(mapping: string, recordIds: readonly string[]): Promise<Array<Pick<MassChange, 'recordId' | 'action'>>> {
		return this.state.massChanges.among(mapping, recordIds);
	}

	/** Nothing of documents is committed in a preview: it plans, and stops before it writes. */
	documentsOf(mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, CoupledDocument>> {
		return this.store.documentsOf(mapping, side, ids);
	}

	listDocuments(query: DocumentQuery): Promise<Page<CoupledDocument>> {
		return this.store.listDocuments(query);
	}

	/** Nor of what is made beside them. */
	derivedRowsOf(mapping: string, side: DerivedRowSide, ids: readonly string[]): Promise<DerivedRow[]> {
		return this.store.derivedRowsOf(mapping, side, ids);
	}

	listDerivedRows(query: { mapping: string; limit: number; next?: string }): Promise<Page<DerivedRow>> {
		return this.store.listDerivedRows(query);
	}

	intents(mapping: string, direction: PassDirection, limit: number): Promise<Intent[]> {
		const read = async (after: string, count: number): Promise<Intent[]> =>
			after === '' ? await this.store.intents(mapping, direction, count) : [];
		// The store has no way to go on after an intent: with a limit, so many more are asked for as the overlay hides.
		const hidden = this.state.intents.ids(mapping, direction).length;
		return this.state.intents
			.first({ mapping, direction }, (after, count) => read(after, count), '', Math.min(limit + hidden, Number.MAX_SAFE_INTEGER))
			.then((rows) => rows.slice(0, limit));
	}

	failures(mapping: string, direction: PassDirection, options: FailureSelection): Promise<Failure[]> {
		const { includeSkipped, only, limit, afterSourceId = '' } = options;
		const accepts = ({ skipped, unresolved }: Failure): boolean => {
			if (only) return skipped && (only !== 'waiting' || unresolved !== undefined);
			return includeSkipped || !skipped;
		};
		const read = (after: string, count: number) =>
			this.store.failures(mapping, direction, { ...options, limit: count, ...(after === '' ? {} : { afterSourceId: after }) });
		return this.state.failures.first({ mapping, direction, accepts }, read, afterSourceId, limit);
	}

	async failuresOf(mapping: string, direction: PassDirection, sourceIds: readonly string[]): Promise<Map<string, Failure>> {
		const found = await this.store.failuresOf(mapping, direction, sourceIds);
		for (const id of sourceIds) {
			const own = this.state.failures.get(mapping, direction, id);
			if (own) found.set(id, own);
			else if (own === null) found.delete(id);
		}
		return found;
	}

	async countFailures(mapping: string): Promise<{ failed: number; skipped: number }> {
		const count = await this.store.countFailures(mapping);
		const add = ({ skipped }: Failure, by: number): number => (skipped ? (count.skipped += by) : (count.failed += by));
		for (const direction of DIRECTIONS) {
			const ids = this.state.failures.ids(mapping, direction);
			for (const failure of (await this.store.failuresOf(mapping, direction, ids)).values()) add(failure, -1);
			for (const failure of this.state.failures.rows(mapping, direction)) add(failure, 1);
		}
		return count;
	}

	listFailures(query: FailureListQuery): Promise<Page<Failure>> {
		return listFailures(this.store, this.state, query);
	}

	requeued(
		mapping: string,
		direction: PassDirection,
		{ limit, afterSourceId = '' }: { limit: number; afterSourceId?: string },
	): Promise<RequeuedRecord[]> {
		const read = (after: string, count: number) =>
			this.store.requeued(mapping, direction, { limit: count, ...(after === '' ? {} : { afterSourceId: after }) });
		return this.state.requeued.first({ mapping, direction }, read, afterSourceId, limit);
	}

	requeuedOf(mapping: string, direction: PassDirection, sourceIds: readonly string[]): Promise<Map<string, RequeuedRecord>> {
		return requeuedOf(this.store, this.state, { mapping, direction }, sourceIds);
	}

	countRequeued(mapping?: string): Promise<RequeuedCount[]> {
		return countRequeued(this.store, this.state, mapping);
	}

	listRequeued(query: RequeuedListQuery): Promise<Page<RequeuedRecord>> {
		return listRequeued(this.store, this.state, query);
	}

	async watermark(mapping: string, side: Side): Promise<string | null> {
		return (await this.watermarkOf(mapping, side))?.stamp ?? null;
	}

	watermarkOf(mapping: string, side: Side): Promise<Watermark | null> {
		return this.state.watermark(mapping, side);
	}

	surfaceOffer(): Promise<RememberedOffer | null> {
		return this.store.surfaceOffer();
	}

	/** No state of the synchronization: what was seen is as true for the runs that follow. */
	saveSurfaceOffer(offer: RememberedOffer): Promise<void> {
		return this.store.saveSurfaceOffer(offer);
	}

	changeToken(mapping: string, side: Side): Promise<ChangeToken | null> {
		return this.state.changeToken(mapping, side);
	}

	identities(): Promise<ReadonlySet<string>> {
		return this.store.identities();
	}

	heldIds(mapping: string, after: string, limit: number): Promise<string[]> {
		return this.store.heldIds(mapping, after, limit);
	}

	keysOf(table: string, ids: readonly string[]): Promise<Map<string, string>> {
		return this.store.keysOf(table, ids);
	}

	idOfKey(table: string, key: string): Promise<string | null> {
		return this.store.idOfKey(table, key);
	}

	/** What a preview has read is read again by who moves. */
	noteKeys(): Promise<void> {
		return Promise.resolve();
	}

	moveIdentity(): Promise<string | null> {
		return Promise.reject(new Error('Records are not given other ids in a preview.'));
	}

	async fullSyncLines(): Promise<Map<string, FullSyncLine>> {
		const lines = new Map(await this.store.fullSyncLines());
		for (const [mapping, line] of this.state.fullSync) {
			if (line === null) lines.delete(mapping);
			else lines.set(mapping, line);
		}
		return lines;
	}

	async deleteFullSyncLines(mappings?: readonly string[]): Promise<void> {
		for (const mapping of mappings ?? (await this.fullSyncLines()).keys()) this.state.fullSync.set(mapping, null);
	}

	commit(changes: StoreChanges): Promise<void> {
		return this.state.apply(changes, this.clock.now());
	}

	jobs(query: LogQuery): Promise<Page<Job>> {
		return this.store.jobs(query);
	}

	log(query: LogQuery): Promise<Page<LogEntry>> {
		return this.store.log(query);
	}

	trigger(trigger: string): Promise<StoredTrigger | null> {
		return this.store.trigger(trigger);
	}

	triggers(): Promise<StoredTrigger[]> {
		return this.store.triggers();
	}

	/** Triggers do not preview: what is kept of them stays as it is. */
	forgetTrigger(): Promise<void> {
		return Promise.resolve();
	}

	noteSignals(): Promise<void> {
		return Promise.resolve();
	}

	signals(trigger: string): Promise<TriggerSignal[]> {
		return this.store.signals(trigger);
	}

	subscriptions(trigger: string): Promise<TriggerSubscription[]> {
		return this.store.subscriptions(trigger);
	}

	saveSubscription(): Promise<void> {
		return Promise.resolve();
	}

	deleteSubscription(): Promise<void> {
		return Promise.resolve();
	}

	/** Jobs of the store below stay. */
	deleteJobs(): Promise<number> {
		return Promise.resolve(0);
	}

	/** Of the store below, to be read: there is nothing here that could be taken over. */
	transfer(): StateTransfer {
		const transfer = this.store.transfer();
		return {
			read: (table, after, limit) => transfer.read(table, after, limit),
			work: () => transfer.work(),
			mappings: () => transfer.mappings(),
			stage: () => Promise.reject(new Error('A state is not taken over in a preview.')),
		};
	}

	/** The store below belongs to whoever opened it. */
	close(): Promise<void> {
		return Promise.resolve();
	}
}
