import type { FieldName, FieldValue, LookupValue, SystemRecord, TableSource } from '../model/record';
import type { SyncError } from '../model/errors';

/**
 * Inserts into Business Central leave at the latest so long after `write` was called. Those whose answer is lost are carried out within ten minutes of
 * their leaving, or never (ten minutes are the longest request: "Working with API limits in Dynamics 365 Business Central"); so it is
 * known when a call can have no more effect.
 */
export const INSERTS_SENT_WITHIN_MS = 4 * 60_000;

/**
 * Rows below a record that Business Central creates with it in the same request, in this order (a deep insert:
 * https://learn.microsoft.com/dynamics365/business-central/dev-itpro/webservices/api-deep-inserts). Properties are sent in the order of each row. Only
 * for entity sets of API v2.0.
 */
export interface ChildRows {
	/** Navigation property of the record's table, for instance `salesOrderLines`. */
	property: string;
	rows: ReadonlyArray<Readonly<Record<FieldName, FieldValue>>>;
}

/** What is done to one record. */
export type RecordOperation =
	/** `id` only for CRM, where the row's id is ours to choose and makes the insert repeatable. */
	| { kind: 'insert'; id?: string; values: Readonly<Record<FieldName, FieldValue | LookupValue>>; children?: ChildRows }
	/** `version`: the etag the change was decided on. `number`: value of the companions' join field, needed when a companion field is written. */
	| { kind: 'update'; id: string; version: string; number: string; values: Readonly<Record<FieldName, FieldValue | LookupValue>> }
	/** `along`: what the service is known to delete by itself with it; for an overlay, which has no service to do it. */
	| { kind: 'delete'; id: string; version: string; along?: ReadonlyArray<{ table: TableSource; records: readonly SystemRecord[] }> };

/** An action of the service: what it does is its own affair, for instance shipping and invoicing an order. */
export interface ActionOperation {
	kind: 'action';
	/** The record it is bound to; null for one that belongs to the service as a whole (Dataverse: `WinQuote`). */
	id: string | null;
	/** As the service's metadata call it: `Microsoft.NAV.shipAndInvoice`, `Microsoft.Dynamics.CRM.…` when bound, `WinQuote` when not. */
	name: string;
	/** Sent as they are. */
	parameters: Readonly<Record<string, unknown>>;
	/** Carrying it out twice does no harm, so that it may be sent again when its answer was lost. Default: it may not. */
	repeatable?: boolean;
}

/**
 * Operations of which all are carried out, or none, in this order: a change set of Dataverse, a batch in one transaction of Business Central. Each may
 * have a table of its own. At most 100 in Business Central and 1,000 in Dataverse; fields of companion pages cannot take part.
 */
export interface GroupOperation {
	kind: 'group';
	operations: ReadonlyArray<{ table: TableSource; operation: RecordOperation | ActionOperation }>;
}

export type WriteOperation = RecordOperation | ActionOperation | GroupOperation;

export type WriteOutcome =
	/**
	 * `record` is the row after the write: id, stamp and version always, values as far as the service returned them. For a delete the row as it was
	 * known; for an action no more than the id it was called with; for a group the row of its first operation.
	 */
	| {
			status: 'written';
			record: SystemRecord;
			/** Of an update: values that were there before, where that is known without asking for them; only an overlay tells. */
			before?: Readonly<Record<FieldName, FieldValue>>;
			/** What an action returned; undefined where it returns nothing. */
			answer?: unknown;
			/** Of a group: what became of each operation, by position. */
			parts?: readonly WriteOutcome[];
			/** The record was created, but fields that live on a companion page could not be written: couple it, and report this error. */
			incomplete?: SyncError;
	  }
	/** The row's version is no longer the one given: read again, decide again. Of a group: one of its rows; nothing was carried out. */
	| { status: 'stale' }
	/**
	 * The row is gone: after the write it was asked for by its id. What a write alone says is not enough, because the service may speak of another row
	 * (a set-up record, the target of a lookup, the row of a companion page). `error`: what the write was answered, while that is not settled yet.
	 */
	| { status: 'missing'; error?: SyncError }
	/** Insert with a chosen id (CRM) or a fixed key (BC code): such a row is already there. */
	| { status: 'exists' }
	/** Of a group: nothing was carried out. */
	| { status: 'failed'; error: SyncError }
	/** The answer was lost: it may or may not have been written. */
	| { status: 'unknown'; error: SyncError };
