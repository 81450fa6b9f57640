import type { Clock } from './clock';
import type { Pulse } from './pulse';
import type { SyncStore } from './syncStore';
import type { RecordSystem } from './recordSystem';
import type { PassDirection } from '../model/direction';
import type { LeaseHolder } from '../model/lease';
import type { EarlierStore } from '../model/storeIdentity';

/** One line about progress; levels as in n8n's logger. Never holds data of a record or a secret. */
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, details?: Record<string, unknown>) => void;

/** How far a pass has come. */
export interface Progress {
	mapping: string;
	direction: PassDirection;
	/** Records dealt with so far, those before an interruption included. */
	done: number;
	/** Records there are; null when nobody counted (only full passes do). */
	total: number | null;
	/** The service counts no further than `total`. */
	atLeast: boolean;
}

/** What lies outside the store remembers which one was used. */
export interface StoreMemory {
	/** The store that was used last according to the notes, where that is not the one at hand. Costs a look at a small file. */
	lastUsed(): Promise<EarlierStore | null>;
	/** As `lastUsed`; without a note also what an embedded file holds that lies where it would be looked for. Asked only where nothing is coupled. */
	earlier(): Promise<EarlierStore | null>;
}

/** Everything a run works with. Opened by a node, or by a test. */
export interface SyncSession {
	businessCentral: RecordSystem;
	crm: RecordSystem;
	store: SyncStore;
	clock: Clock;
	/** The execution was cancelled: requests under way are given up. */
	signal?: AbortSignal;
	/**
	 * The process was asked to end: what waits is woken and nothing new is begun, but changes under way are brought to their end and recorded. The
	 * reason of the signal is `RunStopped('shutdown')`.
	 */
	ending?: AbortSignal;
	log: Log;
	/** Told after each page; the same is logged, at level info where the page held more than unchanged records (`eventful`), otherwise at debug. */
	progress?: (progress: Progress, eventful: boolean) => void;
	/** Identifies this run as holder of leases, e.g. the n8n execution id. */
	owner: string;
	/** The same for people, and for telling that the process has ended. */
	holder?: LeaseHolder;
	/** Tells whether the run is alive; without it every run counts as alive. */
	pulse?: Pulse;
	/** What is done is kept in memory alone (`engine/overlay`); told to jobs, so that their words say "would be". */
	preview?: true;
	/**
	 * What is done is done by hand: it waits so long (ms) while another run has a mapping that it needs, and fails with `MAPPING_BUSY` when that is not free
	 * then. Without it nothing waits, and a run that finds its mapping busy ends as `alreadyRunning`: the next scheduled one catches up.
	 */
	waitForTurnMs?: number;
	/** Who remembers which store was used for the connection; absent where nobody does. */
	storeMemory?: StoreMemory;
	/** BC company, by its system id. */
	companyId: string;
	/** Who owns CRM rows: the user coupled to the salesperson, or the company's team. */
	ownershipModel: 'person' | 'team';
}
