import type { SyncError } from '../model/errors';
import type { Side } from '../model/side';
import type { TriggerMapping } from '../model/trigger';
import type { Clock } from '../ports/clock';
import type { Log, SyncSession } from '../ports/session';
import type { TriggerItem } from './items';

/** A session for looks, opened with the credentials as they are now. */
export interface OpenedSession {
	session: SyncSession;
	/** An error of work on the session, with what only its opener knows about the cause. */
	explain(error: unknown): Promise<unknown>;
	close(): Promise<void>;
}

/** What a trigger needs of the place it lives in. */
export interface TriggerHost {
	clock: Clock;
	log: Log;
	/** @throws SyncError that says what is wrong with a credential, an address, the company or the store */
	open(): Promise<OpenedSession>;
	/** Starts one execution with these items. */
	emit(items: readonly TriggerItem[]): void;
	/** Stores a failed execution and lets the error workflow run; the trigger goes on. */
	tell(error: SyncError): void;
}

/** What the other half of a trigger, which is told by webhooks, adds to the loop. */
export interface Accelerator {
	/** How often signals are looked for; milliseconds. */
	readonly everyMs: number;
	/** With the session of a look, before it: subscriptions are made, renewed and compared when it is time for it. Never rejects for what a service says. */
	keep(session: SyncSession, now: number): Promise<void>;
	/** What is known of the mappings after a look at the side. */
	looked?(side: Side, known: ReadonlyMap<string, TriggerMapping>): void;
	/** How often is looked beside the webhooks as they are doing; null: as often as without them. */
	lookEveryMs(now: number): number | null;
	/** What people should know: `CODE: sentence`. */
	notices(): readonly string[];
}
