/**
 * The one error type of the engine. `errorClass` decides what happens next:
 * - `transient`: the same call may succeed later; retried with back-off, never counted towards skipping;
 * - `data`: this record cannot be delivered until somebody changes it; the run goes on with the others;
 * - `setup`: nothing can be delivered (credentials, privileges, missing table, bad filter); the run stops at once.
 */
export type ErrorClass = 'transient' | 'data' | 'setup';

/** Where the error arose. */
export type ErrorSystem = 'businessCentral' | 'crm' | 'store' | 'engine';

export interface SyncErrorDetails {
	/** Stable code in upper snake case, for instance `CONFLICT` or `BC_VALUE_TOO_LONG`; compared to decide about skipping. */
	code: string;
	errorClass: ErrorClass;
	system: ErrorSystem;
	/** What went wrong, in words an integrator understands. Never holds a secret or a request body. */
	message: string;
	/** What to do about it. */
	hint: string;
	/** Entity set (BC) or logical table name (CRM). */
	table?: string;
	recordId?: string;
	field?: string;
	/** HTTP status the service answered with, where there was an answer. */
	httpStatus?: number;
	/** Milliseconds the service asked to wait before the next try. */
	retryAfterMs?: number;
	cause?: unknown;
}

export class SyncError extends Error {
	readonly code: string;
	readonly errorClass: ErrorClass;
	readonly system: ErrorSystem;
	readonly hint: string;
	readonly table?: string;
	readonly recordId?: string;
	readonly field?: string;
	readonly httpStatus?: number;
	readonly retryAfterMs?: number;

	constructor(details: SyncErrorDetails) {
		super(details.message, { cause: details.cause });
		this.name = 'SyncError';
		this.code = details.code;
		this.errorClass = details.errorClass;
		this.system = details.system;
		this.hint = details.hint;
		this.table = details.table;
		this.recordId = details.recordId;
		this.field = details.field;
		this.httpStatus = details.httpStatus;
		this.retryAfterMs = details.retryAfterMs;
	}

	/** The same error told otherwise; the original is its cause. */
	with(changes: Partial<SyncErrorDetails>): SyncError {
		const { code, errorClass, system, message, hint } = this;
		const given = Object.entries({ ...this }).filter(([, value]) => value !== undefined);
		return new SyncError({ ...Object.fromEntries(given), code, errorClass, system, message, hint, cause: this, ...changes });
	}
}

/** What was not begun because the process is to end. Nothing was sent for it, so nothing has to be found out; the next run does it. */
export const isRunEnding = (error: unknown): error is SyncError => error instanceof SyncError && error.code === 'RUN_ENDING';

/** For changes without which the rest must not be done: throws when one of them was kept back because the process is to end. */
export function throwIfKeptBack(outcomes: ReadonlyArray<{ status: string; error?: SyncError }>): void {
	for (const { error } of outcomes) if (isRunEnding(error)) throw error;
}

/**
 * Thrown when the execution was cancelled (n8n's abort signal), its time budget is used up, its lease is another run's, or the process is to end
 * (`shutdown`); not a failure.
 */
export class RunStopped extends Error {
	constructor(readonly reason: 'cancelled' | 'timeBudget' | 'leaseLost' | 'shutdown') {
		super(`The run was stopped: ${reason}.`);
		this.name = 'RunStopped';
	}
}

export const isMassChange = (error: SyncError): boolean => error.code === 'MASS_CHANGE';
