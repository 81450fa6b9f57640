import type { CompanySettings } from '../model/companySettings';
import type { MappingSettings } from '../model/tableMapping';
import type { Side } from '../model/side';
import type { PassDirection } from '../model/direction';
import type { ChangeToken } from '../model/changeToken';
import type { CoupledPair, Coupling } from '../model/coupling';
import type { DayOfChanges, MassChange } from '../model/massChange';
import type { CoupledDocument, DocumentQuery } from '../model/document';
import type { DerivedRow, DerivedRowSide } from '../model/derivedRow';
import type { Intent } from '../model/intent';
import type { Tombstone } from '../model/tombstone';
import type { Watermark } from '../model/watermark';
import type { DeletedPartner } from '../model/deletion';
import type { CoupledVersion, VersionComparison } from '../model/comparison';
import type { Failure } from '../model/failure';
import type { RequeuedRecord } from '../model/requeued';
import type { Job } from '../model/job';
import type { LogEntry } from '../model/logEntry';
import type { FullSyncLine } from '../model/fullSync';
import type { KnownFieldSets } from '../model/fieldSet';
import type { IdentityMove, KnownKey } from '../model/recordIdentity';
import type { Lease, LeaseHolder, LeaseInUse } from '../model/lease';
import type { StoreChanges } from './storeChanges';
import type { CouplingQuery, FailureListQuery, FailureSelection, LogQuery, Page, RequeuedCount, RequeuedListQuery } from './storeQueries';
import type { Origin, StoreIdentity } from '../model/storeIdentity';
import type { Sibling } from '../model/sibling';
import type { StateTransfer } from './stateTransfer';
import type { SurfaceMemory } from './surfaceMemory';
import type { StoredTrigger, TriggerSignal, TriggerSubscription } from '../model/trigger';

/** State of one connection (BC address and company, CRM environment). Every method throws SyncError of system `store`. */
export interface SyncStore extends SurfaceMemory {
	readonly connectionId: string;
	/** All ids the connection was ever known by, `connectionId` first. */
	readonly knownAs: readonly string[];
	readonly identity: StoreIdentity;

	settings(): Promise<Map<string, MappingSettings>>;
	saveSettings(mapping: string, settings: MappingSettings | null): Promise<void>;
	/** What differs from the usual settings of a company. */
	companySettings(): Promise<Partial<CompanySettings>>;
	/** Null goes back to the usual ones. */
	saveCompanySettings(settings: Partial<CompanySettings> | null): Promise<void>;

	/**
	 * Null when somebody else holds it and it has not expired. `holder` is kept for others to see. `insteadOf`: fence of a lease that is taken all the
	 * same, because its holder is gone.
	 */
	acquireLease(
		mapping: string,
		owner: string,
		ttlMs: number,
		options?: { holder?: LeaseHolder; insteadOf?: number },
	): Promise<Lease | null>;
	/** Null when nobody holds it, or it has expired. */
	leaseInUse(mapping: string): Promise<LeaseInUse | null>;
	/** False when the lease was lost. */
	renewLease(lease: Lease, ttlMs: number): Promise<boolean>;
	releaseLease(lease: Lease): Promise<void>;
	/** Mappings that somebody is running right now. */
	runningMappings(): Promise<Set<string>>;

	/** At most 1,000 ids a call are needed at a time; any number is accepted. Keyed by the id of `side`. */
	couplingsOf(mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, Coupling>>;
	/** Couplings whose record of Business Central had one of the numbers when it was seen last; keyed by that number. */
	couplingsWithNumbers(mapping: string, numbers: readonly string[]): Promise<Map<string, Coupling>>;
	findCouplings(query: CouplingQuery): Promise<Page<Coupling & { failure: Failure | null }>>;
	/** Default: of all mappings. */
	countCouplings(mapping?: string): Promise<number>;
	/** Whether a coupling, an unfinished creation, or a couple that ended by a deletion is known, of the mapping or of the whole connection; looks for one row. */
	knowsCouples(mapping?: string): Promise<boolean>;
	/** Other connections of the same company that share one of the two systems and have couplings; the one used last first. */
	siblings(): Promise<Sibling[]>;
	/**
	 * The state of one of them becomes that of this connection; answers what the two contradicted each other in, in words.
	 * @throws SyncError `ENVIRONMENTS_CONTRADICT` (setup), `CONNECTION_BUSY` (transient)
	 */
	takeOverSibling(id: string): Promise<string[]>;
	/** Fields that the couplings of a mapping are, and were, compared with. */
	fieldSets(mapping: string): Promise<KnownFieldSets>;
	/** Null when nothing is known of the mapping (`''`: the connection). */
	origin(mapping: string): Promise<Origin | null>;
	/** Couplings whose records of `side` were seen with the newest stamps of the service, newest first. */
	newestSeen(mapping: string, side: Side, limit: number): Promise<Coupling[]>;
	/** Only the ids, in order of the BC id; for comparing whole tables in constant memory. */
	couplingPairs(mapping: string, afterBcId: string, limit: number): Promise<CoupledPair[]>;
	/** Null before the mapping's first run. */
	comparison(mapping: string, side: Side): Promise<VersionComparison | null>;
	/** Versions of coupled records, keyed by the id of `side`; nothing else of the couplings is read. */
	couplingVersions(mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, CoupledVersion>>;
	/** Versions that a comparison has marked as looked at, by id. */
	comparedVersions(mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, string>>;
	/**
	 * Of the couplings after `afterBcId`, in order of the BC id, at most `limit` of them: those that were made before the comparison that began then (in its millisecond at the latest), and
	 * whose record of `side` it has not met. `last`: BC id of the last one looked at; null when there are none after `afterBcId`.
	 */
	unmetCouplings(
		mapping: string,
		side: Side,
		options: { beganAt: string; afterBcId: string; limit: number },
	): Promise<{ pairs: CoupledPair[]; last: string | null }>;
	/** Once a comparison is over: forgets its marks that say nothing more than that, and all marks of comparisons before it. */
	forgetCompared(mapping: string, side: Side, beganAt: string): Promise<void>;
	/** In order of the BC id. */
	deletedPartners(mapping: string, side: Side, options: { afterBcId?: string; limit: number }): Promise<DeletedPartner[]>;
	/** By the id of `side`; of several rows that a record of Business Central had, the last one. Default kind: any. */
	tombstones(mapping: string, side: Side, ids: readonly string[], kind?: Tombstone['kind']): Promise<Map<string, Tombstone>>;

	/** What runs of the mapping did within the last 24 hours that the guard counts; a stored time of the future counts as now. */
	massChangesOfDay(mapping: string): Promise<DayOfChanges>;
	/** Those of the records that count already, and as what. */
	massChangesAmong(mapping: string, recordIds: readonly string[]): Promise<Array<Pick<MassChange, 'recordId' | 'action'>>>;

	/** Documents with their lines, keyed by the id of `side`. */
	documentsOf(mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, CoupledDocument>>;
	/** Documents with their lines, in order of the CRM id. */
	listDocuments(query: DocumentQuery): Promise<Page<CoupledDocument>>;

	/** Rows that were made of one of these, that are one of these, or that belong to one of these; in order of their source ids within a thousand. */
	derivedRowsOf(mapping: string, side: DerivedRowSide, ids: readonly string[]): Promise<DerivedRow[]>;
	/** All of a mapping, in order of their source ids. */
	listDerivedRows(query: { mapping: string; limit: number; next?: string }): Promise<Page<DerivedRow>>;

	intents(mapping: string, direction: PassDirection, limit: number): Promise<Intent[]>;
	/** Ordered by source id, after `afterSourceId`. */
	failures(mapping: string, direction: PassDirection, options: FailureSelection): Promise<Failure[]>;
	failuresOf(mapping: string, direction: PassDirection, sourceIds: readonly string[]): Promise<Map<string, Failure>>;
	countFailures(mapping: string): Promise<{ failed: number; skipped: number }>;
	listFailures(query: FailureListQuery): Promise<Page<Failure>>;
	/** Records to be looked at again, ordered by source id, after `afterSourceId`. */
	requeued(mapping: string, direction: PassDirection, options: { limit: number; afterSourceId?: string }): Promise<RequeuedRecord[]>;
	requeuedOf(mapping: string, direction: PassDirection, sourceIds: readonly string[]): Promise<Map<string, RequeuedRecord>>;
	/** How many records are to be looked at again, by mapping and reason. Default: of all mappings. */
	countRequeued(mapping?: string): Promise<RequeuedCount[]>;
	listRequeued(query: RequeuedListQuery): Promise<Page<RequeuedRecord>>;
	/** The stamp alone. */
	watermark(mapping: string, side: Side): Promise<string | null>;
	/** Null before the first page of the mapping's first run was recorded. */
	watermarkOf(mapping: string, side: Side): Promise<Watermark | null>;
	/** Null where the mapping has none for the side: then changes are read by their stamps. */
	changeToken(mapping: string, side: Side): Promise<ChangeToken | null>;

	/** Mappings that know the records of pages by their SystemIds. It changes only while no other mapping is being run. */
	identities(): Promise<ReadonlySet<string>>;
	/** Ids of records of Business Central that anything kept of the mapping names, each once, in their order. */
	heldIds(mapping: string, after: string, limit: number): Promise<string[]>;
	/**
	 * Notes the keys of records of a table (`keyTableOf`) that are known by their SystemIds, in place of what was noted of either. `gone`: keys that no
	 * record has.
	 */
	noteKeys(table: string, known: readonly KnownKey[], gone?: readonly string[]): Promise<void>;
	/** Keys of records as they were when they were read last, by SystemId. */
	keysOf(table: string, ids: readonly string[]): Promise<Map<string, string>>;
	/** SystemId of the record that had the key when it was read last; null where none is noted. */
	idOfKey(table: string, key: string): Promise<string | null>;
	/**
	 * Gives all that is kept of a mapping the other ids of its records, by the keys that are noted: one transaction. Another mapping than that of the lease
	 * that is being run may be looking up the old ids: then nothing is done, and it is named.
	 * @throws SyncError `LEASE_LOST`
	 */
	moveIdentity(move: IdentityMove, lease: Lease): Promise<string | null>;

	/** Lines of the full synchronization that was started last, by mapping. */
	fullSyncLines(): Promise<Map<string, FullSyncLine>>;
	/** Forgets lines; default all. Couplings and watermarks stay. */
	deleteFullSyncLines(mappings?: readonly string[]): Promise<void>;

	/** One transaction. With a lease: SyncError `LEASE_LOST` and nothing written when its fence is no longer the newest. */
	commit(changes: StoreChanges, lease?: Lease): Promise<void>;

	jobs(query: LogQuery): Promise<Page<Job>>;
	log(query: LogQuery): Promise<Page<LogEntry>>;
	/** Null when nothing is kept of it. */
	trigger(trigger: string): Promise<StoredTrigger | null>;
	/** All of the connection, in order of their names. */
	triggers(): Promise<StoredTrigger[]>;
	/** Forgets a trigger with all that belongs to it. */
	forgetTrigger(trigger: string): Promise<void>;
	/** Adds to what was told before and not taken up. */
	noteSignals(trigger: string, signals: readonly TriggerSignal[]): Promise<void>;
	signals(trigger: string): Promise<TriggerSignal[]>;
	subscriptions(trigger: string): Promise<TriggerSubscription[]>;
	/** Inserted, or replaced by side and resource. */
	saveSubscription(subscription: TriggerSubscription): Promise<void>;
	deleteSubscription(subscription: Pick<TriggerSubscription, 'trigger' | 'side' | 'resource'>): Promise<void>;
	/** Deletes finished jobs older than `before` (ISO) with their entries; answers how many jobs went. */
	deleteJobs(before: string): Promise<number>;
	/** For moving the state of the connection to another store. */
	transfer(): StateTransfer;
	close(): Promise<void>;
}
