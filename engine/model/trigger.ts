import type { BySide, Side } from './side';
import type { Watermark } from './watermark';

/** Why a mapping is started. */
export type TriggerReason = 'changed' | 'schedule' | 'retry' | 'continue' | 'start' | 'manual';

/** A row in a version, as the looks of a trigger remember it: `[id, version]`. */
export type SeenVersion = readonly [id: string, version: string];

/** Changes of one side of a mapping that no run has dealt with yet. */
export interface News {
	/** Rows; there may be more where `atLeast` is set. */
	changed: number;
	atLeast: boolean;
	/** The oldest stamp among them by the service's own clock; ISO. */
	since: string | null;
	/** Some of these rows, at most 20. */
	rows: readonly SeenVersion[];
	/** When the look that saw them was carried out, by the service's own clock; ISO. A run that has read up to then has seen them. */
	seenAt: string;
	/** The same by our clock; epoch milliseconds. */
	foundMs: number;
	/** A webhook told of them before a look saw them. */
	told?: boolean;
}

/** What a trigger knows of one side of a mapping. */
export interface TriggerSide {
	/** Where the next look begins; null before the first one. */
	mark: Watermark | null;
	news: News | null;
	/** Rows that are as no coupling says and that a run has seen nevertheless: they are no news in these versions. At most 200, newest last. */
	reported: readonly SeenVersion[];
	/** Why this side of the mapping cannot be looked at; null where it can. */
	notLooked: 'noStamp' | 'error' | null;
	/** Code and words of the error, where `notLooked` is that. */
	problem: string | null;
}

/** How the last run of a mapping ended that a trigger saw. */
export interface SeenRun {
	jobId: string;
	/** ISO, UTC. */
	finishedAt: string;
	status: 'finished' | 'stopped' | 'failed';
	/** Records inserted, modified, deleted, failed, coupled and uncoupled, both directions together. */
	effect: number;
}

/** A start that was handed to n8n and that no job answers yet. */
export interface Emission {
	/** Epoch milliseconds. */
	atMs: number;
	reason: TriggerReason;
	/** The newest job of the mapping then; null where there was none. Jobs after it are its answer. */
	afterJob: string | null;
}

/** What a trigger knows of one mapping; times are epoch milliseconds by our clock. */
export interface TriggerMapping {
	mapping: string;
	sides: BySide<TriggerSide>;
	/** From when on the interval, or the sleep, is counted; null: the mapping is due at once. */
	waitsFromMs: number | null;
	/** When its interval, or its sleep, is over if nothing changes before; null: at once. For people: the loop reckons anew each time. */
	dueMs: number | null;
	/** Null while it is awake. */
	asleepSinceMs: number | null;
	/** A start that the mapping waits for because of something else than news or its interval. */
	owed: 'start' | 'retry' | 'continue' | null;
	/** Failed runs in a row. */
	attempts: number;
	/** Not to be started before, after a failed run; null when nothing holds it back. */
	notBeforeMs: number | null;
	emission: Emission | null;
	/** Starts in a row that no job followed. */
	unanswered: number;
	/** The newest job of the mapping that was seen, whoever began it. */
	newestJob: string | null;
	lastRun: SeenRun | null;
	/** Runs in a row that were started because of changes and had no effect. */
	idleRuns: number;
	/** How long changes have to wait since the last run because such runs had no effect; 0: not at all. */
	brakeMs: number;
	/** Hash of the mapping as it was: another one wakes it. */
	definition: string;
	/** Counted since the trigger was made. */
	starts: number;
	wokenByChanges: number;
	/** The longest time from the stamp of a change to the start of its run that was seen; milliseconds, null before the first. */
	slowestMs: number | null;
}

/** Why looks at a system fail. */
export interface SystemTrouble {
	/** Epoch milliseconds. */
	sinceMs: number;
	attempts: number;
	nextMs: number;
	code: string;
	message: string;
	hint: string;
	/** When a failed execution last told of it; null: not yet. */
	toldMs: number | null;
}

/** What a trigger knows besides its mappings. */
export interface TriggerState {
	/** For people: `workflow "Nightly" (id 12), node "Sync Trigger"`. */
	name: string;
	startWhen: 'looking' | 'webhooks' | 'schedule';
	lookEveryMs: number;
	/** Mappings it starts; null: all that are enabled. */
	chosen: readonly string[] | null;
	/** Epoch milliseconds; when it last told that it is there. */
	aliveMs: number;
	lastLookMs: number | null;
	nextLookMs: number | null;
	trouble: BySide<SystemTrouble | null>;
	/** Looks that were carried out, and requests that they took. */
	looks: number;
	requests: BySide<number>;
	/** What to know about it: `CODE: sentence`. */
	notices: readonly string[];
}

/** Everything that is kept of a trigger. */
export interface StoredTrigger {
	/** `instance/workflow/node`. */
	trigger: string;
	state: TriggerState;
	mappings: readonly TriggerMapping[];
}

/** A webhook told that something changed: all of a mapping and side in one row. */
export interface TriggerSignal {
	/** `*`: no mapping is known, all are meant. */
	mapping: string;
	side: Side;
	count: number;
	/** Epoch milliseconds. */
	firstMs: number;
	lastMs: number;
}

/** A webhook that was registered with a service, or is to be. Times are epoch milliseconds by our clock. */
export interface TriggerSubscription {
	trigger: string;
	side: Side;
	/** What is subscribed to, in the words of the service: `/api/v2.0/companies(…)/customers`, `account`. */
	resource: string;
	mapping: string;
	/** The service's own id; null while it is not registered. */
	remoteId: string | null;
	etag: string | null;
	/** Where the service is told to send. */
	url: string;
	/** Of the secret; the secret itself is kept nowhere. */
	secretHash: string;
	expiresMs: number | null;
	/** A handshake is answered until then; null: none is expected. */
	handshakeUntilMs: number | null;
	lastToldMs: number | null;
	lastError: string | null;
}

/** What a trigger puts down in one transaction. */
export interface TriggerChanges {
	trigger: string;
	state?: TriggerState;
	/** Inserted, or replaced by mapping. */
	mappings?: readonly TriggerMapping[];
	/** Mappings that are forgotten: they are gone, or not the trigger's any more. */
	mappingsGone?: readonly string[];
	/** Signals that were taken up, as they were read: what was told since stays. */
	signalsTaken?: readonly TriggerSignal[];
}

/** Leases of triggers are named so; no mapping is. */
export const TRIGGER_LEASE = '@trigger/';
