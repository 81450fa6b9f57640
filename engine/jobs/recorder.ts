import { comesBack } from './comesBack';
import { isLasting } from '../model/lastingStates';
import type { SyncError } from '../model/errors';
import { type TableMapping, tableOn } from '../model/tableMapping';
import type { SyncSession } from '../ports/session';
import { UncoupledRecords } from './uncoupledRecords';
import { WaitingList } from './waitingList';
import { type Side, SIDES, SYSTEM_NAMES } from '../model/side';
import type { FieldValue, SystemRecord } from '../model/record';
import { type PassDirection, sourceSide } from '../model/direction';
import type { Coupling } from '../model/coupling';
import type { Failure, UnresolvedReference } from '../model/failure';
import type { Counters, Job, JobStatus } from '../model/job';
import type { LogEntry, LogField, LogRecordRef } from '../model/logEntry';
import type { FieldConflict } from '../model/fieldConflict';
import type { FailedRecord, JobResult, RecordChange } from './jobResult';

export const NO_COUNTERS: Counters = {
	inserted: 0,
	modified: 0,
	deleted: 0,
	unchanged: 0,
	skipped: 0,
	failed: 0,
	coupled: 0,
	uncoupled: 0,
};
/** The same data error this many times in a row leaves the record alone until it changes. Errors are the same when their codes are. */
const ATTEMPTS_BEFORE_SKIP = 2;
/** Records whose text was cut that a job's warnings name. */
const CUTS_NAMED = 20;

/** Records named among the warnings of a job whose values a service changed; the log has them all. */
const MOST_TOLD = 100;

/** A field that a service holds otherwise than it was given. */
export interface RewrittenField {
	field: FieldConflict['field'];
	/** Undefined where it was not written and not read before. */
	sent: FieldValue | undefined;
	kept: FieldValue;
}

/** What the log says about a record: a row of either system, or what its coupling remembers of it. */
export interface RecordPair {
	businessCentral: SystemRecord | null;
	crm: SystemRecord | null;
	coupling: Coupling | null;
	/** Sides whose record is known to be deleted: no link leads to it. */
	gone?: readonly Side[];
}

/** The source record that failed; its version where it was read. */
export interface FailedSource {
	direction: PassDirection;
	sourceId: string;
	sourceVersion: string | null;
}

export interface FailureDetails {
	/** The failure it had before. */
	known?: Failure | undefined;
	conflicts?: readonly FieldConflict[];
	/** What it refers to and the other system does not have. */
	missing?: readonly UnresolvedReference[];
}

/** Counts and words of one job, gathered while it runs. */
export class JobRecorder {
	readonly job: Job;
	readonly failed: FailedRecord[] = [];
	readonly changes: RecordChange[] = [];
	readonly warnings: string[] = [];
	/** What records of this run refer to although it has no counterpart. */
	readonly waiting = new WaitingList();
	moreFailed = 0;
	moreChanges = 0;
	readonly notCoupled = new UncoupledRecords();
	leftOpen: number | null = null;
	watermark: string | null = null;
	private pending: LogEntry[] = [];
	private readonly before: { businessCentral: { requests: number; writes: number }; crm: { requests: number; writes: number } };

	constructor(
		private readonly session: SyncSession,
		private readonly mapping: TableMapping,
		id: string,
		direction: PassDirection | null,
		options: { type: Job['type']; returnChanges: number; returnFailures: number },
	) {
		this.limits = options;
		this.before = { businessCentral: { ...session.businessCentral.counts }, crm: { ...session.crm.counts } };
		this.job = {
			id,
			mapping: mapping.name,
			direction,
			type: options.type,
			status: 'running',
			preview: session.preview ?? false,
			startedAt: this.now(),
			finishedAt: null,
			message: '',
			requests: { businessCentral: 0, crm: 0 },
			writes: { businessCentral: 0, crm: 0 },
			...NO_COUNTERS,
		};
	}
	private readonly limits: { returnChanges: number; returnFailures: number };

	now(): string {
		return new Date(this.session.clock.now()).toISOString();
	}

	count(counter: keyof Counters): void {
		this.job[counter]++;
	}

	/** Takes a count back, because a record counts once: what came after its write went wrong. */
	uncount(counter: keyof Counters): void {
		this.job[counter]--;
	}

	change(change: Omit<RecordChange, 'businessCentral' | 'crm'>, pair: RecordPair): void {
		if (this.changes.length >= this.limits.returnChanges) {
			// Nobody asked for a list where none is to be returned.
			if (this.limits.returnChanges > 0) this.moreChanges++;
			return;
		}
		// What a preview would delete is there.
		const gone = change.action === 'delete' && !this.job.preview ? [...(pair.gone ?? []), change.written] : (pair.gone ?? []);
		const now = { ...pair, gone };
		this.changes.push({ ...change, businessCentral: this.ref('businessCentral', now), crm: this.ref('crm', now) });
	}

	/** Logs a record that could not be delivered and answers the failure to keep. */
	fail(
		{ direction, sourceId, sourceVersion }: FailedSource,
		pair: RecordPair,
		thrown: SyncError,
		{ known, conflicts = [], missing = [] }: FailureDetails = {},
	): Failure {
		const attempts = known && known.errorCode === thrown.code ? known.attempts + 1 : 1;
		const error = comesBack(thrown, attempts);
		const lasting = isLasting(error.code);
		const skipped = error.errorClass === 'data' && (lasting || attempts >= ATTEMPTS_BEFORE_SKIP);
		// What is told for the first time counts as failed, though no run tries it again.
		const leftAlone = skipped && !(lasting && attempts === 1);
		this.count(leftAlone ? 'skipped' : 'failed');
		if (missing.length > 0) {
			this.waiting.failed++;
			this.waiting.add(missing);
		}
		const fields = conflicts.map((conflict) => logField(conflict, direction));
		const refs = { businessCentral: this.ref('businessCentral', pair), crm: this.ref('crm', pair) };
		const common = {
			jobId: this.job.id,
			mapping: this.mapping.name,
			direction,
			errorClass: error.errorClass,
			message: error.message,
			hint: error.hint,
			...refs,
			attempts,
			skipped: leftAlone,
		};
		if (this.failed.length < this.limits.returnFailures) {
			this.failed.push({ ...common, errorCode: error.code, ...(fields.length > 0 ? { fields } : {}) });
		} else this.moreFailed++;
		// A state is told once, however often the record comes by.
		if (!lasting || known?.message !== error.message)
			this.pending.push({ ...common, kind: 'error', code: error.code, fields, at: this.now() });
		return {
			mapping: this.mapping.name,
			direction,
			sourceId,
			errorClass: error.errorClass,
			errorCode: error.code,
			message: error.message,
			hint: error.hint,
			attempts,
			skipped,
			sourceVersion,
			...(missing.length > 0 ? { unresolved: missing } : {}),
			firstFailedAt: known?.firstFailedAt ?? this.now(),
			failedAt: this.now(),
		};
	}

	/** A record that was not tried, because what it refers to is still missing. */
	stillWaiting(missing: readonly UnresolvedReference[]): void {
		this.waiting.earlier++;
		this.waiting.add(missing);
	}

	/**
	 * A value that lost under a strategy is named in the log, so that no edit disappears silently; `first`: when the couple was
	 * synchronized for the first time.
	 */
	overwritten(direction: PassDirection, pair: RecordPair, conflicts: readonly FieldConflict[], when: 'later' | 'first' = 'later'): void {
		const names = conflicts.map((conflict) => conflict.field.caption).join(', ');
		const [loser, winner] = direction === 'toCrm' ? ['CRM', 'Business Central'] : ['Business Central', 'CRM'];
		this.pending.push({
			jobId: this.job.id,
			mapping: this.mapping.name,
			direction,
			kind: 'overwritten',
			errorClass: null,
			code: when === 'first' ? 'REPLACED_AT_FIRST' : 'CONFLICT_SETTLED',
			message: `${names}: the value of ${loser} was replaced by the value of ${winner}${when === 'first' ? ' when the couple was synchronized for the first time' : ''}.`,
			hint: 'Nothing to do; both values are kept here in case the other one was right.',
			businessCentral: this.ref('businessCentral', pair),
			crm: this.ref('crm', pair),
			fields: conflicts.map((conflict) => logField(conflict, direction)),
			attempts: 0,
			skipped: false,
			at: this.now(),
		});
	}

	/** A record that follows its deleted partner is named in the log before it goes, with what was edited in it. */
	deleting(direction: PassDirection, of: RecordPair, edited: readonly FieldConflict[]): void {
		const pair = { ...of, gone: SIDES };
		const [gone, survivor] = direction === 'toCrm' ? ['CRM', 'Business Central'] : ['Business Central', 'CRM'];
		const names = edited.map((edit) => edit.field.caption).join(', ');
		this.pending.push({
			jobId: this.job.id,
			mapping: this.mapping.name,
			direction,
			kind: edited.length > 0 ? 'overwritten' : 'warning',
			errorClass: null,
			code: 'DELETED_WITH_PARTNER',
			message: `The record is deleted in ${survivor}, because its partner was deleted in ${gone}.${names === '' ? '' : ` Its changes since the last synchronization go with it: ${names}.`}`,
			hint: 'Nothing to do; the record is named here in case the deletion was a mistake.',
			businessCentral: this.ref('businessCentral', pair),
			crm: this.ref('crm', pair),
			fields: edited.map((edit) => logField(edit, direction)),
			attempts: 0,
			skipped: false,
			at: this.now(),
		});
	}

	/** A record that the service deletes by itself with another one is named in the log before it goes, with what goes with it, and among the warnings. */
	deletedAlong(
		direction: PassDirection,
		of: RecordPair,
		{ mapping, message, lost }: { mapping: string; message: string; lost: readonly FieldConflict[] },
	): void {
		const pair = { ...of, gone: [sourceSide(direction)] };
		if (this.toldAlong++ < MOST_TOLD) this.warnings.push(message);
		else if (this.toldAlong === MOST_TOLD + 1) this.warnings.push('More records were deleted along: see DELETED_ALONG in the log.');
		this.note(message, {
			code: 'DELETED_ALONG',
			hint: 'Nothing to do; the record is named here in case the deletion was a mistake.',
			mapping,
			direction,
			kind: lost.length > 0 ? 'overwritten' : 'warning',
			businessCentral: this.ref('businessCentral', pair),
			crm: this.ref('crm', pair),
			fields: lost.map((each) => logField(each, direction)),
		});
	}
	private toldAlong = 0;

	/** A service keeps something else than it was given, and the other side does not get it: told when it is written, not in every run. */
	rewritten(direction: PassDirection, pair: RecordPair, kept: readonly RewrittenField[]): void {
		const [from, to] = direction === 'toCrm' ? (['businessCentral', 'crm'] as const) : (['crm', 'businessCentral'] as const);
		const refs = { businessCentral: this.ref('businessCentral', pair), crm: this.ref('crm', pair) };
		const called = [refs[to]?.number, refs[to]?.name].filter(Boolean).join(' ') || refs[to]?.id;
		const values = kept.map(
			({ field, sent, kept: now }) => `${field.caption} is "${shown(now)}"${sent === undefined ? '' : ` instead of "${shown(sent)}"`}`,
		);
		const message = `${called}: ${SYSTEM_NAMES[to]} changed what it was given, and ${SYSTEM_NAMES[from]} keeps its own: ${values.join('; ')}.`;
		if (this.toldRewritten++ < MOST_TOLD) this.warnings.push(message);
		else if (this.toldRewritten === MOST_TOLD + 1) this.warnings.push('Services changed values of more records; the log names them all.');
		this.note(message, {
			code: 'VALUE_REWRITTEN',
			direction,
			hint: `Enter in ${SYSTEM_NAMES[from]} what ${SYSTEM_NAMES[to]} keeps, or change the rule there that rewrites it (a validation, a plug-in).`,
			...refs,
			fields: kept.map(({ field, sent, kept: now }) => logField({ field, source: sent ?? null, target: now }, direction)),
		});
	}
	private toldRewritten = 0;

	/**
	 * Text that the other side holds only the beginning of: told when it is written there, so once for each change. The log names every record, the
	 * job's warnings the first ones.
	 */
	cut(direction: PassDirection, pair: RecordPair, fields: ReadonlyArray<{ caption: string; length: number }>): void {
		const [from, to] = direction === 'toCrm' ? (['businessCentral', 'crm'] as const) : (['crm', 'businessCentral'] as const);
		const { number, name, id } = this.ref(from, pair) ?? { number: '', name: '', id: '' };
		const lengths = fields.map(({ caption, length }) => `${caption} (${length} characters)`).join(', ');
		const message = `${[number, name].filter(Boolean).join(' ') || id}: ${SYSTEM_NAMES[to]} holds only the beginning of ${lengths}.`;
		const hint = `The whole text stands in ${SYSTEM_NAMES[from]}. Shorten it there, or lengthen the field in ${SYSTEM_NAMES[to]} and in the table mapping, if its end matters.`;
		const refs = { businessCentral: this.ref('businessCentral', pair), crm: this.ref('crm', pair) };
		this.note(message, { code: 'TEXT_CUT', hint, ...refs });
		if (++this.cuts <= CUTS_NAMED) this.warnings.push(message);
	}
	private cuts = 0;

	/** Amounts that became 0 on their way, because the other side keeps too few digits of them. The log names every record, the job's warnings the first ones. */
	zeroed(direction: PassDirection, pair: RecordPair, fields: ReadonlyArray<{ caption: string; given: number }>): void {
		const [from, to] = direction === 'toCrm' ? (['businessCentral', 'crm'] as const) : (['crm', 'businessCentral'] as const);
		const { number, name, id } = this.ref(from, pair) ?? { number: '', name: '', id: '' };
		const values = fields.map(({ caption, given }) => `${caption} is ${given} in ${SYSTEM_NAMES[from]} and 0 in ${SYSTEM_NAMES[to]}`);
		const message = `${[number, name].filter(Boolean).join(' ') || id}: ${values.join(', ')}, which keeps too few digits of it.`;
		const hint = `Let ${SYSTEM_NAMES[to]} keep more digits (in Dataverse the precision of the column, of the currency, or the pricing precision of the organization), or let the amount be for a larger unit.`;
		const refs = { businessCentral: this.ref('businessCentral', pair), crm: this.ref('crm', pair) };
		this.note(message, { code: 'CUT_TO_ZERO', direction, hint, ...refs });
		if (this.zeros++ < MOST_TOLD) this.warnings.push(message);
		else if (this.zeros === MOST_TOLD + 1) this.warnings.push('Amounts of more records became 0: see CUT_TO_ZERO in the log.');
	}
	private zeros = 0;

	warn(message: string, about: Pick<LogEntry, 'code' | 'hint'> & Partial<LogEntry> = { code: 'WARNING', hint: '' }): void {
		if (this.warnings.includes(message)) return;
		this.warnings.push(message);
		this.note(message, about);
	}

	/** A line of the log that asks nobody to do anything, and is no warning of the job. */
	note(message: string, about: Pick<LogEntry, 'code' | 'hint'> & Partial<LogEntry>): void {
		this.pending.push({
			jobId: this.job.id,
			mapping: this.mapping.name,
			direction: this.job.direction,
			kind: 'warning',
			errorClass: null,
			message,
			businessCentral: null,
			crm: null,
			fields: [],
			...about,
			attempts: 0,
			skipped: false,
			at: this.now(),
		});
	}

	/** A set-up or transient error that ended the whole job. */
	stoppedBy(error: SyncError): void {
		const common = {
			jobId: this.job.id,
			mapping: this.mapping.name,
			errorClass: error.errorClass,
			message: error.message,
			hint: error.hint,
		};
		const nobody = { businessCentral: null, crm: null, attempts: 1, skipped: false };
		this.failed.push({ ...common, ...nobody, direction: this.job.direction, errorCode: error.code });
		this.pending.push({ ...common, ...nobody, direction: this.job.direction, kind: 'error', code: error.code, fields: [], at: this.now() });
	}

	/** Entries since the last call; they belong into the page's transaction. */
	takeLog(): LogEntry[] {
		const entries = this.pending;
		this.pending = [];
		return entries;
	}

	/** The job row as it stands now. */
	snapshot(): Job {
		const counts = { businessCentral: this.session.businessCentral.counts, crm: this.session.crm.counts };
		this.job.requests = {
			businessCentral: counts.businessCentral.requests - this.before.businessCentral.requests,
			crm: counts.crm.requests - this.before.crm.requests,
		};
		this.job.writes = {
			businessCentral: counts.businessCentral.writes - this.before.businessCentral.writes,
			crm: counts.crm.writes - this.before.crm.writes,
		};
		return { ...this.job };
	}

	finish(status: JobStatus, message: string): JobResult {
		this.job.status = status;
		this.job.message = message;
		this.job.finishedAt = this.now();
		return {
			job: this.snapshot(),
			failed: this.failed,
			moreFailed: this.moreFailed,
			changes: this.changes,
			moreChanges: this.moreChanges,
			warnings: this.cuts <= CUTS_NAMED ? this.warnings : [...this.warnings, moreCuts(this.cuts - CUTS_NAMED)],
			notCoupled: this.notCoupled.count,
			notCoupledAtLeast: this.notCoupled.atLeast,
			leftOpen: this.leftOpen,
			watermark: this.watermark,
		};
	}

	ref(side: Side, pair: RecordPair): LogRecordRef | null {
		const record = pair[side];
		const { coupling } = pair;
		const system = this.session[side];
		const table = tableOn(this.mapping, side);
		const id = record?.id ?? (side === 'businessCentral' ? coupling?.bcId : coupling?.crmId);
		if (!id) return null;
		const number = record?.number ?? (side === 'businessCentral' ? coupling?.bcNumber : '') ?? '';
		const name = record?.name ?? (side === 'businessCentral' ? coupling?.bcName : coupling?.crmName) ?? '';
		return { id, number, name, url: pair.gone?.includes(side) ? null : system.link(table, id, number || undefined, name) };
	}
}

/** Values in a sentence; the log holds them whole. */
const shown = (value: FieldValue): string => String(value ?? '').slice(0, 100);
const moreCuts = (count: number): string => `Text was cut on ${count} more ${count === 1 ? 'record' : 'records'}: see TEXT_CUT in the log.`;

function logField(conflict: FieldConflict, direction: PassDirection): LogField {
	const [businessCentral, crm] = direction === 'toCrm' ? [conflict.source, conflict.target] : [conflict.target, conflict.source];
	return { name: conflict.field.caption, businessCentral, crm };
}
