import type { TriggerSignal, TriggerSubscription } from '../model/trigger';

/**
 * The part of the store that a request to a trigger's address needs, found by the trigger alone: neither system is asked, no credential of theirs is opened.
 * Every method throws SyncError of system `store`.
 */
export interface TriggerMailbox {
	/** Of the trigger; empty where nothing is known of it. */
	subscriptions(): Promise<TriggerSubscription[]>;
	/** Adds to what was told before, and puts down when the subscriptions last told. */
	note(signals: readonly TriggerSignal[], toldBy: readonly TriggerSubscription[], now: number): Promise<void>;
	close(): Promise<void>;
}
