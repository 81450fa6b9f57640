import type { FieldName, FieldValue, LookupValue, SystemRecord } from '../model/record';
import type { SyncError } from '../model/errors';

/**
 * Inserts into Business Central leave at the latest so long after `write` was called. Those whose answer is lost are carried out within ten minutes of
 * their leaving, or never (ten minutes are the longest request: "Working with API limits in Dynamics 365 Business Central"); so it is
 * known when a call can have no more effect.
 */
export const INSERTS_SENT_WITHIN_MS = 4 * 60_000;

export type WriteOperation =
	/** `id` only for CRM, where the row's id is ours to choose and makes the insert repeatable. */
	| { kind: 'insert'; id?: string; values: Readonly<Record<FieldName, FieldValue | LookupValue>> }
	/** `version`: the etag the change was decided on. `number`: value of the companions' join field, needed when a companion field is written. */
	| { kind: 'update'; id: string; version: string; number: string; values: Readonly<Record<FieldName, FieldValue | LookupValue>> }
	| { kind: 'delete'; id: string; version: string };

export type WriteOutcome =
	/** `record` is the row after the write: id, stamp and version always, values as far as the service returned them. For a delete the row as it was known. */
	| {
			status: 'written';
			record: SystemRecord;
			/** The record was created, but fields that live on a companion page could not be written: couple it, and report this error. */
			incomplete?: SyncError;
	  }
	/** The row's version is no longer the one given: read again, decide again. */
	| { status: 'stale' }
	/**
	 * The row is gone: after the write it was asked for by its id. What a write alone says is not enough, because the service may speak of another row
	 * (a set-up record, the target of a lookup, the row of a companion page). `error`: what the write was answered, while that is not settled yet.
	 */
	| { status: 'missing'; error?: SyncError }
	/** Insert with a chosen id (CRM) or a fixed key (BC code): such a row is already there. */
	| { status: 'exists' }
	| { status: 'failed'; error: SyncError }
	/** The answer was lost: it may or may not have been written. */
	| { status: 'unknown'; error: SyncError };
