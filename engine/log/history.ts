import { findMapping, loadMappings } from '../defaults/catalog';
import type { SyncSession } from '../ports/session';
import { withoutDeadLinks } from './deadLinks';
import { workOnCouple } from './jobsOfCouple';
import { eachRow } from './pages';
import { findSubjects, type Subject } from './subjects';
import type { PassDirection } from '../model/direction';
import type { Job } from '../model/job';
import type { LogEntry, LogField, LogRecordRef } from '../model/logEntry';

/** Something that happened to a record. */
export interface HistoryEvent {
	/** ISO, UTC. */
	at: string;
	/** `state`: how things stand now; `created`, `delivered`: what a run wrote; `job`: a run that did one of these, or whose log names the record. */
	kind: 'state' | 'synchronized' | 'coupled' | 'created' | 'delivered' | 'error' | 'overwritten' | 'warning' | 'job';
	mapping: string;
	direction: PassDirection | null;
	jobId: string | null;
	code: string;
	message: string;
	hint: string;
	businessCentral: LogRecordRef | null;
	crm: LogRecordRef | null;
	fields: readonly LogField[];
	job?: Job;
}

export interface HistoryQuery {
	/** Either id, the number, or the name (exactly, ignoring case). */
	record: string;
	/** Default: all mappings. */
	mapping?: string;
	limit: number;
}

/**
 * Everything that is known of a record, newest first: when it was created or coupled, written in each direction and last synchronized, how it stands
 * now, each line of the log that names it or its partner, and the jobs these belong to. Several records of the same name are told apart by their ids.
 */
export async function recordHistory(session: SyncSession, query: HistoryQuery): Promise<HistoryEvent[]> {
	const all = await loadMappings(session);
	const mappings = query.mapping === undefined ? all : [findMapping(all, query.mapping)];
	const events: HistoryEvent[] = [];
	for (const subject of await findSubjects(session, mappings, query.record))
		events.push(...(await eventsOf(session, subject, query.limit)));
	// Lines of one moment keep their order: state first, then what led to it.
	const linked = await withoutDeadLinks(session.store, events);
	return linked.sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, query.limit);
}

async function eventsOf(session: SyncSession, subject: Subject, limit: number): Promise<HistoryEvent[]> {
	const common = { mapping: subject.mapping, businessCentral: subject.businessCentral, crm: subject.crm };
	const plain = { ...common, direction: null, jobId: null, code: '', hint: '', fields: [] };
	const { coupling, failure } = subject;
	const events: HistoryEvent[] = [];
	if (failure) {
		const message = `${failure.skipped ? 'Skipped' : 'Failing'}: ${failure.message}`;
		events.push({
			...plain,
			at: failure.failedAt,
			kind: 'state',
			direction: failure.direction,
			code: failure.errorCode,
			message,
			hint: failure.hint,
		});
	}
	const jobs = new Map<string, Job>();
	for (const { job, ...work } of coupling ? await workOnCouple(session, coupling) : []) {
		events.push({ ...plain, ...work, jobId: job?.id ?? null });
		if (job) jobs.set(job.id, job);
	}
	const seen = new Set<string>();
	for (const ref of [subject.businessCentral, subject.crm]) {
		if (!ref) continue;
		let read = 0;
		for await (const entry of eachRow<LogEntry>((size, next) =>
			session.store.log({ recordId: ref.id, limit: size, ...(next ? { next } : {}) }),
		)) {
			if (read++ >= limit) break;
			const key = [entry.jobId, entry.at, entry.kind, entry.code, entry.direction, entry.message].join('\n');
			if (entry.mapping !== subject.mapping || seen.has(key)) continue;
			seen.add(key);
			events.push(fromEntry(entry, subject));
		}
		for await (const job of eachRow<Job>((size, next) =>
			session.store.jobs({ recordId: ref.id, limit: size, ...(next ? { next } : {}) }),
		)) {
			if (jobs.size >= limit) break;
			if (job.mapping === subject.mapping) jobs.set(job.id, job);
		}
	}
	for (const job of jobs.values()) {
		const { direction, startedAt, id } = job;
		events.push({ ...plain, at: startedAt, kind: 'job', direction, jobId: id, message: `${job.status}: ${job.message}`, job });
	}
	return events;
}

const fromEntry = (entry: LogEntry, subject: Subject): HistoryEvent => ({
	at: entry.at,
	kind: entry.kind,
	mapping: entry.mapping,
	direction: entry.direction,
	jobId: entry.jobId,
	code: entry.code,
	message: entry.message,
	hint: entry.hint,
	// A partner that was not known then is known now.
	businessCentral: entry.businessCentral ?? subject.businessCentral,
	crm: entry.crm ?? subject.crm,
	fields: entry.fields,
});
