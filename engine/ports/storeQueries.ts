import type { PassDirection } from '../model/direction';
import type { JobStatus } from '../model/job';
import type { ErrorClass } from '../model/errors';
import type { LogEntry } from '../model/logEntry';
import type { RequeueReason } from '../model/requeued';

export interface Page<T> {
	rows: T[];
	/** Opaque; undefined on the last page. */
	next?: string;
}

export interface CouplingQuery {
	mapping?: string;
	/** Only those whose last run failed, were skipped, or were never synchronized. */
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

/** Records to be looked at again, of all mappings, in order of mapping, direction and source id. */
export interface RequeuedListQuery {
	mapping?: string;
	limit: number;
	next?: string;
}

export interface RequeuedCount {
	mapping: string;
	reason: RequeueReason;
	records: number;
}
