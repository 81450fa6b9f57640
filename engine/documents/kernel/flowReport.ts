import type { JobRecorder } from '../../jobs/recorder';
import type { PassDirection } from '../../model/direction';
import type { DerivedRow, DerivedRowKey } from '../../model/derivedRow';
import type { SyncError } from '../../model/errors';
import type { Failure } from '../../model/failure';
import type { SystemRecord } from '../../model/record';
import type { StoreChanges } from '../../ports/storeChanges';

/** Outcomes that are answered one by one; those beyond are counted. */
const MOST_OUTCOMES = 1_000;

/** The records a failure is about, and the one whose delivery failed. */
export interface FlowSubject {
	sourceId: string;
	/** What the failure belongs to: a source that has another version is another case. */
	version: string | null;
	businessCentral: SystemRecord | null;
	crm: SystemRecord | null;
}

/** What is to become of a failure. */
export interface FailureHandling {
	/** A run that finds the same version does not try it again, and says nothing more. */
	leftAlone?: boolean;
	/** Whether later runs are to know of it; default yes. */
	kept?: boolean;
	/** Where it is another one than that of the flow. */
	direction?: PassDirection;
}

/** Counts and tells what became of each thing of a run, and keeps what is to be stored of its failures. */
export class FlowReport<Outcome> {
	readonly outcomes: Outcome[] = [];
	moreOutcomes = 0;
	/** Something that should not happen has: what is not dealt with is read again. */
	unexpected = false;
	private failures: Failure[] = [];
	private settled: Failure[] = [];
	private rows: DerivedRow[] = [];
	private rowsDone: DerivedRowKey[] = [];

	constructor(
		private readonly recorder: JobRecorder,
		private readonly of: { flow: string; direction: PassDirection },
		/** Failures of earlier runs, by id of the source. */
		private readonly known: Map<string, Failure>,
	) {}

	/** The source needs nobody's attention any more. */
	done(sourceId: string, outcome: Outcome): void {
		this.settle(sourceId);
		if (this.outcomes.length >= MOST_OUTCOMES) this.moreOutcomes++;
		else this.outcomes.push(outcome);
	}

	settle(sourceId: string): void {
		const failure = this.known.get(sourceId);
		if (!failure) return;
		this.settled.push(failure);
		this.known.delete(sourceId);
	}

	/** What was made, as the next run is to find it. */
	delivered(row: DerivedRow): void {
		this.rows.push(row);
	}

	/** There is nothing any more to look after. */
	forget(row: DerivedRowKey): void {
		this.rowsDone.push({ mapping: row.mapping, sourceId: row.sourceId });
	}

	failureOf(sourceId: string): Failure | undefined {
		return this.known.get(sourceId);
	}

	/** Ids of the sources that failed before or now. */
	failing(): string[] {
		return [...this.known.keys()];
	}

	/**
	 * It could not be delivered; further runs try it again.
	 */
	fail(
		subject: FlowSubject,
		error: SyncError,
		{ leftAlone = false, kept = true, direction = this.of.direction }: FailureHandling = {},
	): void {
		const { sourceId, version, businessCentral, crm } = subject;
		if (error.errorClass === 'transient') this.unexpected = true;
		const before = this.known.get(sourceId);
		const source = { direction, sourceId, sourceVersion: version };
		const failure = this.recorder.fail(source, { businessCentral, crm, coupling: null }, error, {
			known: before && { ...before, attempts: 0 },
		});
		const attempts = before && before.errorCode === failure.errorCode ? before.attempts + 1 : 1;
		if (!kept) return;
		const remembered = { ...failure, attempts, skipped: leftAlone };
		this.known.set(sourceId, remembered);
		this.failures.push(remembered);
	}

	/** What the store is to keep since it was last asked. */
	take(): Pick<StoreChanges, 'failures' | 'failuresDone' | 'derivedRows' | 'derivedRowsDone'> {
		const { failures, settled, rows: derivedRows, rowsDone: derivedRowsDone } = this;
		[this.failures, this.settled, this.rows, this.rowsDone] = [[], [], [], []];
		const mapping = this.of.flow;
		return {
			derivedRows,
			derivedRowsDone,
			failures,
			failuresDone: settled.map(({ direction, sourceId }) => ({ mapping, direction, sourceId })),
		};
	}
}
