import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../ports/clock';
import { SyncError } from '../model/errors';
import type { CompanySettings } from '../model/companySettings';
import type { MappingSettings } from '../model/tableMapping';
import type { Backend, CommitMark } from './backend';
import { applyChanges } from './commit';
import type { OpenedConnection } from './connections/register';
import { siblings, takeOverSibling } from './connections/siblings';
import type { Scope } from './scope';
import type { SyncStore } from '../ports/syncStore';
import { deleteJobBatch } from './tables/cleanUp';
import { readChangeToken } from './tables/changeTokens';
import { putSurfaceOffer, readSurfaceOffer } from './tables/surfaceOffers';
import { findCouplings } from './tables/couplingList';
import { countAllCouplings, countCouplings, couplingsOf, couplingsWithNumbers, newestSeen } from './tables/couplings';
import { CouplingTaken, describeTaken } from './tables/couplingTaken';
import { comparedVersions, couplingVersions, forgetComparedSlice, readComparison, unmetCouplings } from './tables/comparisons';
import { couplingPairs, readMissingPartners } from './tables/deletions';
import { formerPartners } from './tables/formerPartners';
import { countFailures, failuresOf, listFailures, readFailures } from './tables/failures';
import { countRequeued, listRequeued, readRequeued, requeuedOf } from './tables/requeuedRecords';
import { derivedRowsOf, listDerivedRows } from './tables/derivedRows';
import { documentsOf, listDocuments } from './tables/documents';
import { readFieldSets } from './tables/fieldSets';
import { deleteFullSyncLines, readFullSyncLines } from './tables/fullSync';
import { readIntents } from './tables/intents';
import { listJobs } from './tables/jobs';
import { acquireLease, leaseInUse, lockLeases, releaseLease, renewLease, requireFence, runningMappings } from './tables/leases';
import { listLogEntries } from './tables/logEntries';
import { massChangesAmong, massChangesOfDay } from './tables/massChanges';
import { heldIds } from './tables/heldIds';
import { idOfKey, keysOf, putKeys, readIdentities } from './tables/recordKeys';
import { moveIdentity } from './moveIdentity';
import { knowsCouples, readOrigin } from './tables/origins';
import { readCompanySettings, readSettings, saveCompanySettings, saveSettings } from './tables/settings';
import {
	deleteSubscription,
	forgetTrigger,
	noteSignals,
	readSignals,
	readSubscriptions,
	readTriggers,
	saveSubscription,
} from './tables/triggers';
import type { StoredTrigger, TriggerSignal, TriggerSubscription } from '../model/trigger';
import type { Watermark } from '../model/watermark';
import { readWatermark } from './tables/watermarks';
import { stateTransfer } from './transfer/stateTransfer';
import type { Side } from '../model/side';
import type { PassDirection } from '../model/direction';
import type { ChangeToken } from '../model/changeToken';
import type { CoupledPair, Coupling } from '../model/coupling';
import type { Intent } from '../model/intent';
import type { DayOfChanges, MassChange } from '../model/massChange';
import type { Tombstone } from '../model/tombstone';
import type { DeletedPartner } from '../model/deletion';
import type { CoupledVersion, VersionComparison } from '../model/comparison';
import type { Failure } from '../model/failure';
import type { RequeuedRecord } from '../model/requeued';
import type { Job } from '../model/job';
import type { LogEntry } from '../model/logEntry';
import type { KnownFieldSets } from '../model/fieldSet';
import type { IdentityMove, KnownKey } from '../model/recordIdentity';
import type { FullSyncLine } from '../model/fullSync';
import type { Lease, LeaseHolder, LeaseInUse } from '../model/lease';
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
import type { CoupledDocument, DocumentQuery } from '../model/document';
import type { DerivedRow, DerivedRowSide } from '../model/derivedRow';
import type { Origin, StoreIdentity } from '../model/storeIdentity';
import type { Sibling } from '../model/sibling';
import type { StateTransfer } from '../ports/stateTransfer';
import type { RememberedOffer } from '../ports/surfaceMemory';

const ATTEMPTS = 4;
/** A server that does not answer is asked once more, over another connection. */
const SILENCES = 2;

/** The one implementation of the store; what differs between the databases is in its `Backend`. */
export class KyselyStore implements SyncStore {
	private scope: Scope;
	private closed: Promise<void> | undefined;

	readonly connectionId: string;
	readonly knownAs: readonly string[];

	constructor(
		private readonly backend: Backend,
		{ id, key: connectionKey, knownAs }: OpenedConnection,
		private readonly clock: Clock,
		readonly identity: StoreIdentity,
	) {
		this.connectionId = id;
		this.knownAs = knownAs;
		this.scope = { db: backend.db, dialect: backend.dialect, scanSlice: backend.scanSlice, connectionKey };
	}

	settings = (): Promise<Map<string, MappingSettings>> => this.run((scope) => readSettings(scope));

	saveSettings = (mapping: string, settings: MappingSettings | null): Promise<void> =>
		this.run((scope) => saveSettings(scope, mapping, settings));

	companySettings = (): Promise<Partial<CompanySettings>> => this.run((scope) => readCompanySettings(scope));

	saveCompanySettings = (settings: Partial<CompanySettings> | null): Promise<void> =>
		this.run((scope) => saveCompanySettings(scope, settings));

	acquireLease = (
		mapping: string,
		owner: string,
		ttlMs: number,
		{ holder, insteadOf }: { holder?: LeaseHolder; insteadOf?: number } = {},
	): Promise<Lease | null> => {
		const now = this.clock.now();
		return this.run((scope) => acquireLease(scope, { mapping, owner, now, expires: now + ttlMs, holder, insteadOf }));
	};

	leaseInUse = (mapping: string): Promise<LeaseInUse | null> => this.run((scope) => leaseInUse(scope, mapping, this.clock.now()));

	renewLease = (lease: Lease, ttlMs: number): Promise<boolean> => this.run((scope) => renewLease(scope, lease, this.clock.now(), ttlMs));

	releaseLease = (lease: Lease): Promise<void> => this.run((scope) => releaseLease(scope, lease));

	runningMappings = (): Promise<Set<string>> => this.run((scope) => runningMappings(scope, this.clock.now()));

	couplingsWithNumbers = (mapping: string, numbers: readonly string[]): Promise<Map<string, Coupling>> =>
		this.run((scope) => couplingsWithNumbers(scope, mapping, numbers));
	couplingsOf = (mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, Coupling>> =>
		this.run((scope) => couplingsOf(scope, mapping, side, ids));

	findCouplings = (query: CouplingQuery): Promise<Page<Coupling & { failure: Failure | null }>> =>
		this.run((scope) => findCouplings(scope, query));

	newestSeen = (mapping: string, side: Side, limit: number): Promise<Coupling[]> =>
		this.run((scope) => newestSeen(scope, mapping, side, limit));

	countCouplings = (mapping?: string): Promise<number> =>
		this.run((scope) => (mapping === undefined ? countAllCouplings(scope) : countCouplings(scope, mapping)));

	knowsCouples = (mapping?: string): Promise<boolean> => this.run((scope) => knowsCouples(scope, mapping));

	siblings = (): Promise<Sibling[]> => this.run((scope) => siblings(scope));

	takeOverSibling = (id: string): Promise<string[]> => this.once(() => takeOverSibling(this.scope, id, this.clock.now()));

	identities = (): Promise<ReadonlySet<string>> => this.run((scope) => readIdentities(scope));

	heldIds = (mapping: string, after: string, limit: number): Promise<string[]> =>
		this.run((scope) => heldIds(scope, mapping, after, limit));

	keysOf = (table: string, ids: readonly string[]): Promise<Map<string, string>> => this.run((scope) => keysOf(scope, table, ids));

	idOfKey = (table: string, key: string): Promise<string | null> => this.run((scope) => idOfKey(scope, table, key));

	noteKeys = (table: string, known: readonly KnownKey[], gone: readonly string[] = []): Promise<void> =>
		this.run((scope) => scope.db.transaction().execute((db) => putKeys({ ...scope, db }, table, known, gone)));

	/** Done twice it changes nothing, so that it may be sent again. */
	moveIdentity = (move: IdentityMove, lease: Lease): Promise<string | null> =>
		this.run((scope) =>
			scope.db.transaction().execute(async (db) => {
				const within = { ...scope, db };
				await lockLeases(within);
				await requireFence(within, lease);
				const other = [...(await runningMappings(within, this.clock.now()))].find((mapping) => mapping !== lease.mapping);
				if (other === undefined) await moveIdentity(within, move);
				return other ?? null;
			}),
		);

	fieldSets = (mapping: string): Promise<KnownFieldSets> => this.run((scope) => readFieldSets(scope, mapping));

	origin = (mapping: string): Promise<Origin | null> => this.run((scope) => readOrigin(scope, mapping));

	massChangesOfDay = (mapping: string): Promise<DayOfChanges> => this.run((scope) => massChangesOfDay(scope, mapping, this.clock.now()));

	massChangesAmong = (mapping: string, recordIds: readonly string[]): Promise<Array<Pick<MassChange, 'recordId' | 'action'>>> =>
		this.run((scope) => massChangesAmong(scope, mapping, recordIds, this.clock.now()));

	derivedRowsOf = (mapping: string, side: DerivedRowSide, ids: readonly string[]): Promise<DerivedRow[]> =>
		this.run((scope) => derivedRowsOf(scope, mapping, side, ids));

	listDerivedRows = (query: { mapping: string; limit: number; next?: string }): Promise<Page<DerivedRow>> =>
		this.run((scope) => listDerivedRows(scope, query));

	documentsOf = (mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, CoupledDocument>> =>
		this.run((scope) => documentsOf(scope, mapping, side, ids));

	listDocuments = (query: DocumentQuery): Promise<Page<CoupledDocument>> => this.run((scope) => listDocuments(scope, query));

	intents = (mapping: string, direction: PassDirection, limit: number): Promise<Intent[]> =>
		this.run((scope) => readIntents(scope, mapping, direction, limit));

	failures = (mapping: string, direction: PassDirection, options: FailureSelection): Promise<Failure[]> =>
		this.run((scope) => readFailures(scope, mapping, direction, options));

	failuresOf = (mapping: string, direction: PassDirection, sourceIds: readonly string[]): Promise<Map<string, Failure>> =>
		this.run((scope) => failuresOf(scope, mapping, direction, sourceIds));

	countFailures = (mapping: string): Promise<{ failed: number; skipped: number }> => this.run((scope) => countFailures(scope, mapping));

	listFailures = (query: FailureListQuery): Promise<Page<Failure>> => this.run((scope) => listFailures(scope, query));

	requeued = (mapping: string, direction: PassDirection, options: { limit: number; afterSourceId?: string }): Promise<RequeuedRecord[]> =>
		this.run((scope) => readRequeued(scope, mapping, direction, options));

	requeuedOf = (mapping: string, direction: PassDirection, sourceIds: readonly string[]): Promise<Map<string, RequeuedRecord>> =>
		this.run((scope) => requeuedOf(scope, mapping, direction, sourceIds));

	countRequeued = (mapping?: string): Promise<RequeuedCount[]> => this.run((scope) => countRequeued(scope, mapping));

	listRequeued = (query: RequeuedListQuery): Promise<Page<RequeuedRecord>> => this.run((scope) => listRequeued(scope, query));

	fullSyncLines = (): Promise<Map<string, FullSyncLine>> => this.run((scope) => readFullSyncLines(scope));

	deleteFullSyncLines = (mappings?: readonly string[]): Promise<void> => this.run((scope) => deleteFullSyncLines(scope, mappings));

	watermark = async (mapping: string, side: Side): Promise<string | null> => (await this.watermarkOf(mapping, side))?.stamp ?? null;

	watermarkOf = (mapping: string, side: Side): Promise<Watermark | null> => this.run((scope) => readWatermark(scope, mapping, side));

	surfaceOffer = (): Promise<RememberedOffer | null> => this.run((scope) => readSurfaceOffer(scope));

	saveSurfaceOffer = (offer: RememberedOffer): Promise<void> => this.run((scope) => putSurfaceOffer(scope, offer));

	changeToken = (mapping: string, side: Side): Promise<ChangeToken | null> => this.run((scope) => readChangeToken(scope, mapping, side));

	couplingPairs = (mapping: string, afterBcId: string, limit: number): Promise<CoupledPair[]> =>
		this.run((scope) => couplingPairs(scope, mapping, afterBcId, limit));

	comparison = (mapping: string, side: Side): Promise<VersionComparison | null> =>
		this.run((scope) => readComparison(scope, mapping, side));

	couplingVersions = (mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, CoupledVersion>> =>
		this.run((scope) => couplingVersions(scope, mapping, side, ids));

	comparedVersions = (mapping: string, side: Side, ids: readonly string[]): Promise<Map<string, string>> =>
		this.run((scope) => comparedVersions(scope, mapping, side, ids));

	unmetCouplings = (
		mapping: string,
		side: Side,
		options: { beganAt: string; afterBcId: string; limit: number },
	): Promise<{ pairs: CoupledPair[]; last: string | null }> => this.run((scope) => unmetCouplings(scope, mapping, side, options));

	async forgetCompared(mapping: string, side: Side, beganAt: string): Promise<void> {
		while (await this.run((scope) => forgetComparedSlice(scope, mapping, side, beganAt)));
	}

	deletedPartners = (mapping: string, side: Side, options: { afterBcId?: string; limit: number }): Promise<DeletedPartner[]> =>
		this.run((scope) => readMissingPartners(scope, mapping, side, options));

	tombstones = (mapping: string, side: Side, ids: readonly string[], kind?: Tombstone['kind']): Promise<Map<string, Tombstone>> =>
		this.run((scope) => formerPartners(scope, mapping, side, ids, kind));

	/**
	 * Sent again only when it surely was not applied. A connection that breaks during the commit itself leaves that open: then the server is asked,
	 * and where it cannot tell, the error stands and the next run finds out.
	 */
	async commit(changes: StoreChanges, lease?: Lease): Promise<void> {
		const wanted = changes.couplings ?? [];
		const { outcomes } = this.backend;
		let inDoubt = false;
		const apply = async (scope: Scope): Promise<void> => {
			let mark: CommitMark | undefined;
			inDoubt = false;
			try {
				await scope.db.transaction().execute(async (db) => {
					await applyChanges({ ...scope, db }, changes, lease, this.clock.now());
					mark = await outcomes?.mark(db);
					inDoubt = true;
				});
			} catch (error) {
				if (inDoubt && this.backend.isConnectionLoss(error) && outcomes && mark) {
					const outcome = await outcomes.outcome(scope.db, mark);
					if (outcome === 'committed') return;
					inDoubt = outcome === 'undecided';
				}
				if (wanted.length > 0 && (error instanceof CouplingTaken || this.backend.isUniqueViolation(error))) {
					throw await describeTaken(scope, wanted);
				}
				throw error;
			}
		};
		await this.attempt(apply, (error) => this.backend.isRepeatable(error) || (!inDoubt && this.backend.isConnectionLoss(error)));
	}

	jobs = (query: LogQuery): Promise<Page<Job>> => this.run((scope) => listJobs(scope, query));

	log = (query: LogQuery): Promise<Page<LogEntry>> => this.run((scope) => listLogEntries(scope, query));

	trigger = async (trigger: string): Promise<StoredTrigger | null> => (await this.run((scope) => readTriggers(scope, trigger)))[0] ?? null;

	triggers = (): Promise<StoredTrigger[]> => this.run((scope) => readTriggers(scope));

	forgetTrigger = (trigger: string): Promise<void> => this.run((scope) => forgetTrigger(scope, trigger));

	/** Counted twice where the answer of the database was lost: a number for people. */
	noteSignals = (trigger: string, signals: readonly TriggerSignal[]): Promise<void> =>
		this.run((scope) => noteSignals(scope, trigger, signals));

	signals = (trigger: string): Promise<TriggerSignal[]> => this.run((scope) => readSignals(scope, trigger));

	subscriptions = (trigger: string): Promise<TriggerSubscription[]> => this.run((scope) => readSubscriptions(scope, trigger));

	saveSubscription = (subscription: TriggerSubscription): Promise<void> => this.run((scope) => saveSubscription(scope, subscription));

	deleteSubscription = (subscription: Pick<TriggerSubscription, 'trigger' | 'side' | 'resource'>): Promise<void> =>
		this.run((scope) => deleteSubscription(scope, subscription));

	async deleteJobs(before: string): Promise<number> {
		let total = 0;
		for (;;) {
			const { jobs, done } = await this.run((scope) => scope.db.transaction().execute((db) => deleteJobBatch({ ...scope, db }, before)));
			if (done) return total;
			total += jobs;
		}
	}

	/** The state as rows; every call is explained as those of the store are. */
	transfer(): StateTransfer {
		const of = (): StateTransfer =>
			stateTransfer(this.scope, (connectionKey) => {
				this.scope = { ...this.scope, connectionKey };
			});
		return {
			read: (table, after, limit) => this.run(() => of().read(table, after, limit)),
			work: () => this.run(() => of().work()),
			mappings: () => this.run(() => of().mappings()),
			stage: async () => {
				const staged = await this.once(() => of().stage());
				return {
					put: (table, rows) => this.once(() => staged.put(table, rows)),
					read: (table, after, limit) => this.run(() => staged.read(table, after, limit)),
					takeOver: () => this.once(() => staged.takeOver()),
					abandon: () => this.once(() => staged.abandon()),
				};
			},
		};
	}

	/** Calling it again does nothing; any other call on a closed store is refused. */
	close(): Promise<void> {
		return (this.closed ??= this.backend.release());
	}

	/**
	 * For whatever can be done twice without harm, which is all but `commit`: taking a lease again as the same owner only raises its
	 * fence. A broken connection is replaced and the statement sent again.
	 */
	private run<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
		return this.attempt(work, (error) => this.backend.isRepeatable(error) || this.backend.isConnectionLoss(error));
	}

	/** For what must not be done twice. */
	private once<T>(work: () => Promise<T>): Promise<T> {
		return this.attempt(work, () => false);
	}

	private async attempt<T>(work: (scope: Scope) => Promise<T>, mayRepeat: (error: unknown) => boolean): Promise<T> {
		if (this.closed !== undefined) {
			throw new SyncError({
				code: 'STORE_CLOSED',
				errorClass: 'setup',
				system: 'store',
				message: 'The state store was already closed.',
				hint: 'This should not happen; please report it.',
			});
		}
		let silences = 0;
		for (let attempt = 1; ; attempt++) {
			try {
				return await work(this.scope);
			} catch (error) {
				if (this.backend.isSilence(error)) silences++;
				const over = attempt === ATTEMPTS || silences === SILENCES || this.closed !== undefined;
				if (over || !mayRepeat(error)) throw this.backend.explain(error);
				await pause(attempt * 50 + Math.random() * 100);
			}
		}
	}
}
