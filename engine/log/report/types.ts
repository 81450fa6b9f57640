import type { ErrorClass } from '../../model/errors';
import type { RequeuedCount } from '../../ports/storeQueries';
import type { SyncStore } from '../../ports/syncStore';
import type { PassDirection } from '../../model/direction';
import type { Counters, JobStatus } from '../../model/job';
import type { TriggerView } from '../../trigger/view';
import type { LogField, LogRecordRef } from '../../model/logEntry';

export interface ReportRequest {
	store: SyncStore;
	/** ISO, UTC; inclusive. */
	from: string;
	to: string;
	/** ISO, UTC: what "now" is for mappings that should have run. */
	now: string;
	/** IANA name; times are told in it. */
	timeZone: string;
	title: string;
	/** Captions of mappings by name, in the order in which they are shown. */
	mappings: ReadonlyMap<string, string>;
	/** Minutes between two runs of a mapping; default: what the log shows. */
	intervalMinutes?: number;
	/** Rows of each list at most; default 50. */
	rows?: number;
}

/** A stretch of the period, for the chart. */
export interface Stretch {
	/** Epoch milliseconds. */
	from: number;
	to: number;
	jobs: number;
	/** Records created, changed, deleted, coupled or uncoupled. */
	delivered: number;
	failed: number;
	/** Jobs that did not finish. */
	broken: number;
}

export interface MappingFigures {
	mapping: string;
	caption: string;
	counters: Counters;
	jobs: number;
	/** Newest run, also when it lies before the period. */
	last: { at: string; status: JobStatus; message: string } | null;
	/** Minutes between two runs; null when too few are known to say. */
	intervalMinutes: number | null;
	/** It has not run for longer than twice its interval. */
	overdue: boolean;
	/** Why its last run in either direction could not be carried out; null when it could. */
	failing: string | null;
}

export interface Reason {
	code: string;
	errorClass: ErrorClass | null;
	/** As one of its entries puts it. */
	message: string;
	hint: string;
	entries: number;
	records: number;
	mappings: string[];
}

/** A record that could not be delivered and does not recover by itself. */
export interface AttentionRow {
	mapping: string;
	directions: PassDirection[];
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
	code: string;
	message: string;
	hint: string;
	/** Both values where the log knows them. */
	fields: readonly LogField[];
	/** ISO, UTC. */
	since: string;
	skipped: boolean;
}

export interface OverwrittenRow {
	at: string;
	mapping: string;
	direction: PassDirection | null;
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
	fields: readonly LogField[];
}

export interface List<T> {
	total: number;
	/** The first of them. */
	rows: T[];
}

export interface ReportData {
	title: string;
	from: string;
	to: string;
	now: string;
	timeZone: string;
	totals: Counters & { jobs: number; broken: number };
	stretches: Stretch[];
	mappings: MappingFigures[];
	reasons: Reason[];
	/** Failing, and tried again by each run; a person has to change something. */
	failing: List<AttentionRow>;
	/** Left alone until the record changes or somebody asks for a retry. */
	skipped: List<AttentionRow>;
	/** Failing for reasons that pass by themselves. */
	recovering: number;
	/** Not failing, and looked at again: by the next run, or once what they refer to is coupled. */
	waiting: RequeuedCount[];
	overwritten: List<OverwrittenRow>;
	/** What triggers do about the mappings; empty where there are none. */
	triggers: readonly TriggerView[];
	/** `more`: others that are not listed. */
	warnings: { rows: Array<{ message: string; mapping: string; times: number }>; more: number };
}
