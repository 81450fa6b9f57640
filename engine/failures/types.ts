import type { ErrorClass, SyncError } from '../model/errors';
import type { CouplingView } from '../coupling/types';
import type { Side } from '../model/side';
import type { PassDirection } from '../model/direction';
import type { JobResult } from '../jobs/jobResult';

/** What a user can do about a record that could not be delivered. */
export type FailureAction = 'retry' | 'synchronize' | 'restore' | 'deleteOther' | 'uncouple' | 'coupleWithSurvivor';

/** Why a record could not be delivered in one direction. */
export interface FailureOfDirection {
	direction: PassDirection;
	errorClass: ErrorClass;
	code: string;
	message: string;
	hint: string;
	/** Times in a row that the same code came up. */
	attempts: number;
	skipped: boolean;
	/** First failure in a row, and the last: ISO, UTC. */
	since: string;
	failedAt: string;
}

/** A couple, or a record without a partner, as the list of failed and skipped records shows it. */
export interface FailedRecordView extends CouplingView {
	/** Entity set of Business Central and logical table of CRM. */
	tables: Record<Side, string>;
	failures: readonly FailureOfDirection[];
	/** The most of either direction; 0 for a record that does not fail. */
	attempts: number;
	/** Since when it fails: ISO, UTC. */
	since: string | null;
	/** What makes sense for the record as it is now. */
	actions: readonly FailureAction[];
}

/**
 * One record of an action. `gone`: both records were deleted, so the coupling was removed; `leftAlone`: the mapping does not run in the direction asked for, so
 * nothing was done.
 */
export interface ActedRecord {
	/** As the request named it, lower case. */
	id: string;
	outcome: 'retried' | 'coupled' | 'synchronized' | 'restored' | 'deleted' | 'gone' | 'leftAlone' | 'refused' | 'failed';
	/** Null for a record of which nothing is known. */
	view: FailedRecordView | null;
	/** Why it was refused or failed. */
	error?: SyncError;
}

export interface ActionResult {
	/** One for each record named, in order. */
	records: ActedRecord[];
	/** What was run, when something was. */
	jobs: JobResult[];
}

/** Records of one mapping, named on one side. */
export interface FailureSelectionRequest {
	mapping: string;
	side: Side;
	ids: readonly string[];
	preview?: boolean;
}
