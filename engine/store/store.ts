import type { ErrorClass } from '../errors';
import type { CompanySettings } from '../mapping/companySettings';
import type { MappingSettings, PassDirection } from '../mapping/tableMapping';
import type { ProcessIdentity } from '../processes';
import type { FieldValue, Side } from '../systems/system';
import type { StateTransfer } from './transfer/stateTransfer';

/** Fingerprints of one field's normalised values on both sides, as they stood when the sides last agreed. */
export type FieldBaseline = readonly [businessCentral: string, crm: string];
/** By the field mapping's `key`. */
export type Baseline = Readonly<Record<string, FieldBaseline>>;

/** Which record belongs to which. Unique per (connection, mapping, bcId) and per (connection, mapping, crmId). */
export interface Coupling {
	mapping: string;
	bcId: string;
	crmId: string;
	/** Number or code and name on the BC side, as last seen; for logs and lists. */
	bcNumber: string;
	bcName: string;
	crmName: string;
	/** Version (etag) at which that side's mapped fields equal the baseline; null when unknown or diverged. */
	bcVersion: string | null;
	crmVersion: string | null;
	bcStamp: string | null;
	crmStamp: string | null;
	/** When the CRM row came into being, where that is known: ISO, UTC, whole seconds. */
	crmCreatedAt?: string;
	/** Null until the first successful synchronisation. */
	baseline: Baseline | null;
	/** A coupling made without synchronising: who wins where fields differ at the first run (`none` = conflict). Null once synchronised. */
	initial: 'send' | 'get' | 'none' | null;
	/** ISO, UTC. */
	coupledAt: string;
	lastSyncedAt: string | null;
	/** An update of the record of `side` that was sent and is not confirmed: the fingerprints its fields have once it arrived. */
	sent?: { side: Side; marks: Baseline };
}

/** Written before an insert; survives a crash between the insert and its coupling. */
export interface Intent {
	mapping: string;
	direction: PassDirection;
	sourceId: string;
	/** CRM: the id chosen for the new row. BC: null. */
	targetId: string | null;
	/** Values sent, so that a BC record created by a lost request can be recognised. */
	values: Readonly<Record<string, FieldValue>>;
	/** Other values that were sent for the same record before, unanswered; the newest first. What exists may hold either. */
	sentBefore?: ReadonlyArray<Readonly<Record<string, FieldValue>>>;
	/** The source had this partner, which was deleted and is created again. */
	restores?: string;
	/** ISO, UTC. */
	createdAt: string;
}

/** A record that could not be delivered; tried again by every run until it succeeds or is skipped. */
export interface Failure {
	mapping: string;
	direction: PassDirection;
	sourceId: string;
	errorClass: ErrorClass;
	errorCode: string;
	message: string;
	hint: string;
	/** Times in a row that the same code came up. */
	attempts: number;
	/** Left alone by runs until the source record changes or a user asks for a retry. */
	skipped: boolean;
	/** Version of the source record at the last try. */
	sourceVersion: string | null;
	/** Version of its partner at the last try, where it was known: a change of the partner is a reason to try again, too. */
	partnerVersion?: string | null;
	/** What the record refers to and what has no counterpart yet; it is tried again once all of it can be resolved. */
	missing?: readonly MissingReference[];
	/** When the record could not be delivered for the first time in a row, whatever the reasons since: ISO, UTC. */
	firstFailedAt?: string;
	/** ISO, UTC. */
	failedAt: string;
}

/** A value of a record that stands for another record, or for a choice, without a counterpart in the other system. */
export interface MissingReference {
	/** Key of the field mapping. */
	field: string;
	caption: string;
	/** Table mapping of the record referred to; null for a choice. */
	mapping: string | null;
	/** As it stands in the source record, normalised: code or number (Business Central), id or choice value (CRM). */
	value: string;
}

export interface Counters {
	inserted: number;
	modified: number;
	deleted: number;
	unchanged: number;
	skipped: number;
	failed: number;
	coupled: number;
	uncoupled: number;
}

export type JobType = 'synchronization' | 'fullSynchronization' | 'coupling' | 'uncoupling';
export type JobStatus = 'running' | 'finished' | 'stopped' | 'alreadyRunning' | 'failed';

export interface Job extends Counters {
	id: string;
	mapping: string;
	direction: PassDirection | null;
	type: JobType;
	status: JobStatus;
	preview: boolean;
	/** ISO, UTC. */
	startedAt: string;
	finishedAt: string | null;
	message: string;
	requests: { businessCentral: number; crm: number };
	writes: { businessCentral: number; crm: number };
}

export interface LogRecordRef {
	id: string;
	number: string;
	name: string;
	url: string | null;
}

export interface LogField {
	name: string;
	businessCentral: FieldValue;
	crm: FieldValue;
}

/** One line of the error log. `overwritten` tells of a value that lost a conflict under a strategy: nothing is lost silently. */
export interface LogEntry {
	jobId: string;
	mapping: string;
	direction: PassDirection | null;
	kind: 'error' | 'overwritten' | 'warning';
	errorClass: ErrorClass | null;
	code: string;
	message: string;
	hint: string;
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
	fields: readonly LogField[];
	attempts: number;
	skipped: boolean;
	/** ISO, UTC. */
	at: string;
}

/** One direction of a mapping's full synchronisation. Kept with each page, so that it never tells more or less than what is done. */
export interface FullSyncPass {
	jobId: string | null;
	/** `error`: it came to its end, but records failed (sync-semantics 19.6); `stopped`: it did not come to its end. */
	status: 'blank' | 'inProcess' | 'success' | 'error' | 'stopped';
	/** Records dealt with, and those the filter selected when the pass began; null when not counted yet. */
	done: number;
	total: number | null;
	/** The service counts no further than `total` (Dataverse: 5,000). */
	atLeast: boolean;
	/** Records failed in it, also before an interruption. */
	failed: boolean;
	/** ISO stamp of the newest record of the last page that is durably recorded: an interrupted pass goes on here. */
	checkpoint: string | null;
}

/** What the user chose when the full synchronisation was started; a resumed one keeps to it. */
export interface FullSyncChoices {
	/** Whether scheduled runs may create records afterwards, or "synch. only coupled records" stays as it was. */
	afterwards: 'keep' | 'allowCreate';
	/** Where both systems hold records that are not coupled: those that match are coupled first, or all are created. */
	bothSides: 'matchFirst' | 'createAll';
}

/** A mapping's line in the full synchronisation that was started last. A mapping without a line was never fully synchronised, or was reset. */
export interface FullSyncLine {
	mapping: string;
	/** The run the line belongs to; resuming does not change it. */
	runId: string;
	/** `blank`: its turn has not come. `finished` also when single records failed, then a pass says `error`; `error`: the mapping could not be run. */
	status: 'blank' | 'inProcess' | 'finished' | 'error' | 'stopped';
	choices: FullSyncChoices;
	toCrm: FullSyncPass | null;
	fromCrm: FullSyncPass | null;
	message: string;
	/** ISO, UTC. */
	startedAt: string;
	finishedAt: string | null;
}

export interface CoupledPair {
	bcId: string;
	crmId: string;
}

/** How far the search for deleted records of one side of a mapping has come. */
export interface DeletionSearch {
	mapping: string;
	/** Whose deletions. */
	side: Side;
	/** Where to go on in the service's own list of deletions; null where it keeps none. */
	token: string | null;
	/** While couplings are being compared: BC id of the last one compared, empty at the beginning. Null when no comparison is under way. */
	position: string | null;
	/** When the last search came to its end; before the first one, when the mapping was first run. ISO, UTC. */
	checkedAt: string | null;
}

/** A coupled pair of which the record of `side` was found deleted, and which no run has dealt with yet. */
export interface MissingPartner extends CoupledPair {
	mapping: string;
	side: Side;
}

/**
 * A couple that ended. A CRM row that was deleted may be there again one day: an insert whose answer was lost is carried out
 * late, or somebody restores it (Dataverse keeps deleted rows for up to 30 days, where an administrator switched that on).
 */
export interface FormerPartner extends CoupledPair {
	mapping: string;
	/** `deleted`: one of the records was gone. `parted`: people parted two that are there; they stay parted. */
	kind: 'deleted' | 'parted';
	/** Version in which the record that is left was let go; null when it is not known. */
	version: string | null;
	/** ISO, UTC. */
	endedAt: string;
}

/**
 * Why a mapping has no couplings here. `new`: a person said that nothing was synchronised before; `uncoupled`: couplings ended in this very store,
 * most recently then. Mapping `''`: the whole connection (only `new`).
 */
export interface Origin {
	mapping: string;
	kind: 'new' | 'uncoupled';
	/** ISO, UTC. */
	at: string;
}

/** Which store this is. The id stays with the data when a file is moved or a database renamed; a store that is made anew has another one. */
export interface StoreIdentity {
	id: string;
	kind: 'embedded' | 'postgres';
	/** For people: path of the file, or database, host and schema. Never holds a secret. */
	place: string;
	/** ISO, UTC. */
	createdAt: string;
}

/** What is remembered of a store that was used for a connection. */
export interface EarlierStore extends Pick<StoreIdentity, 'id' | 'kind' | 'place'> {
	/** Couplings of the connection, all mappings. */
	couplings: number;
	/** ISO, UTC; null when nobody noted it. */
	lastUsed: string | null;
}

/** The right to run a mapping. `fence` grows with each holder; a write with an old fence is refused. */
export interface Lease {
	mapping: string;
	owner: string;
	fence: number;
}

/** Who runs a mapping, in terms people know, and what tells whether that process is still there. Holds nothing secret. */
export interface LeaseHolder {
	/** For instance `workflow "Nightly" (id 12), node "Sync", execution 4711`. */
	what: string;
	/** Name of the machine or container. */
	host: string;
	pid: number;
	/** Null where the system does not tell. */
	process: ProcessIdentity | null;
}

/** A lease that somebody holds and that has not run out, as others see it. */
export interface LeaseInUse extends Lease {
	/** Null when an earlier version took the lease. */
	holder: LeaseHolder | null;
	/** ISO, UTC. */
	acquiredAt: string | null;
	expiresAt: string;
}

/** Everything a page changed; applied in one transaction, all or nothing. */
export interface StoreChanges {
	/** Inserted, or replaced by (mapping, bcId, crmId). */
	couplings?: readonly Coupling[];
	/** What the search for deletions knows of the pair goes with it. */
	uncouple?: ReadonlyArray<{ mapping: string; bcId: string; crmId: string }>;
	intents?: readonly Intent[];
	intentsDone?: ReadonlyArray<{ mapping: string; direction: PassDirection; sourceId: string }>;
	failures?: readonly Failure[];
	failuresDone?: ReadonlyArray<{ mapping: string; direction: PassDirection; sourceId: string }>;
	/** Skipped records that the next run tries again; those without a failure are passed over. */
	failuresDue?: ReadonlyArray<{ mapping: string; direction: PassDirection; sourceId: string }>;
	/** Pairs found to have lost a record; known ones stay as they are. */
	missing?: readonly MissingPartner[];
	/** Pairs a run has dealt with. */
	missingDone?: readonly MissingPartner[];
	deletionSearch?: DeletionSearch;
	/** Replaced by (mapping, crmId); those that are too old to matter are forgotten. */
	former?: readonly FormerPartner[];
	/** Mapping whose former partners are forgotten. */
	forgetFormer?: string;
	/** ISO stamp of the newest record that is durably dealt with. Never moves backwards except with `null` (start over). */
	watermark?: { mapping: string; side: Side; stamp: string | null };
	/** Jobs of the mapping that are still said to be running are ended as stopped: their process died. To be given with the lease only. */
	endDeadJobs?: { mapping: string; at: string; message: string };
	/** Inserted, or replaced by mapping. Ended couplings leave `uncoupled` behind by themselves. */
	origins?: readonly Origin[];
	job?: Job;
	/** Inserted, or replaced by mapping. */
	fullSync?: readonly FullSyncLine[];
	log?: readonly LogEntry[];
}

export interface Page<T> {
	rows: T[];
	/** Opaque; undefined on the last page. */
	next?: string;
}

export interface CouplingQuery {
	mapping?: string;
	/** Only those whose last run failed, were skipped, or were never synchronised. */
	state?: 'coupled' | 'pending' | 'failed' | 'skipped';
	/** Part of number or name. */
	text?: string;
	limit: number;
	next?: string;
}

export interface FailureSelection {
	includeSkipped: boolean;
	/** `skipped`: only those left alone; `waiting`: only those left alone because something they refer to is missing. */
	only?: 'skipped' | 'waiting';
	limit: number;
	afterSourceId?: string;
}

export interface LogQuery {
	mapping?: string;
	jobId?: string;
	direction?: PassDirection;
	/** ISO, UTC; inclusive. */
	from?: string;
	to?: string;
	status?: JobStatus;
	errorClass?: ErrorClass;
	/** Either id. */
	recordId?: string;
	/** Log entries only: of this kind. */
	kind?: LogEntry['kind'];
	/** Log entries only: of records with exactly this number or name, in either system; capital and small letters of A–Z are alike. */
	recordText?: string;
	limit: number;
	next?: string;
}

/** Failures of all mappings, in order of mapping, direction and source id. */
export interface FailureListQuery {
	mapping?: string;
	direction?: PassDirection;
	skipped?: boolean;
	errorClass?: ErrorClass;
	limit: number;
	next?: string;
}

/** State of one connection (BC address and company, CRM environment). Every method throws SyncError of system `store`. */
export interface SyncStore {
	readonly connectionId: string;
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
	findCouplings(query: CouplingQuery): Promise<Page<Coupling & { failure: Failure | null }>>;
	/** Default: of all mappings. */
	countCouplings(mapping?: string): Promise<number>;
	/** Whether a coupling, an unfinished creation, or a couple that ended by a deletion is known, of the mapping or of the whole connection; looks for one row. */
	knowsCouples(mapping?: string): Promise<boolean>;
	/** Null when nothing is known of the mapping (`''`: the connection). */
	origin(mapping: string): Promise<Origin | null>;
	/** Only the ids, in order of the BC id; for comparing whole tables in constant memory. */
	couplingPairs(mapping: string, afterBcId: string, limit: number): Promise<CoupledPair[]>;
	/** Null before the mapping's first run. */
	deletionSearch(mapping: string, side: Side): Promise<DeletionSearch | null>;
	/** In order of the BC id. */
	missingPartners(mapping: string, side: Side, options: { afterBcId?: string; limit: number }): Promise<MissingPartner[]>;
	/** By the id of `side`; of several rows that a record of Business Central had, the last one. Default kind: any. */
	formerPartners(mapping: string, side: Side, ids: readonly string[], kind?: FormerPartner['kind']): Promise<Map<string, FormerPartner>>;

	intents(mapping: string, direction: PassDirection, limit: number): Promise<Intent[]>;
	/** Ordered by source id, after `afterSourceId`. */
	failures(mapping: string, direction: PassDirection, options: FailureSelection): Promise<Failure[]>;
	failuresOf(mapping: string, direction: PassDirection, sourceIds: readonly string[]): Promise<Map<string, Failure>>;
	countFailures(mapping: string): Promise<{ failed: number; skipped: number }>;
	listFailures(query: FailureListQuery): Promise<Page<Failure>>;
	watermark(mapping: string, side: Side): Promise<string | null>;

	/** Lines of the full synchronisation that was started last, by mapping. */
	fullSyncLines(): Promise<Map<string, FullSyncLine>>;
	/** Forgets lines; default all. Couplings and watermarks stay. */
	deleteFullSyncLines(mappings?: readonly string[]): Promise<void>;

	/** One transaction. With a lease: SyncError `LEASE_LOST` and nothing written when its fence is no longer the newest. */
	commit(changes: StoreChanges, lease?: Lease): Promise<void>;

	jobs(query: LogQuery): Promise<Page<Job>>;
	log(query: LogQuery): Promise<Page<LogEntry>>;
	/** Deletes finished jobs older than `before` (ISO) with their entries; answers how many jobs went. */
	deleteJobs(before: string): Promise<number>;
	/** For moving the state of the connection to another store. */
	transfer(): StateTransfer;
	close(): Promise<void>;
}
