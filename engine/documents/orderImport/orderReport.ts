import type { SyncError } from '../../model/errors';
import type { Reconciliation } from '../../model/documentAmounts';
import type { PassDirection } from '../../model/direction';
import type { Failure } from '../../model/failure';
import type { LogRecordRef } from '../../model/logEntry';
import type { JobRecorder } from '../../jobs/recorder';
import type { SyncSession } from '../../ports/session';
import { BC_ORDERS, CRM_ORDERS, ORDER_MAPPING } from './tables';
import type { OrderOutcome, OrderWork } from './orderWork';

/** Outcomes that are answered one by one; those beyond are counted. */
const MOST_OUTCOMES = 1_000;

type Subject = Pick<OrderWork, 'row' | 'bc' | 'document'>;
type Told = Subject & Pick<OrderWork, 'invoices' | 'warnings'>;

/** Counts and tells what became of each order of a run, and keeps what is to be stored of its failures. */
export class OrderReport {
	readonly outcomes: OrderOutcome[] = [];
	moreOutcomes = 0;
	private failures: Failure[] = [];
	private settled: string[] = [];

	constructor(
		private readonly session: SyncSession,
		private readonly recorder: JobRecorder,
		/** Failures of earlier runs, by the id of the record that failed. */
		private readonly known: Map<string, Failure>,
		/** What goes back to CRM fails under the id of the order of Business Central. */
		private readonly direction: PassDirection = 'fromCrm',
	) {}

	private keyOf({ row, document }: Pick<Subject, 'row' | 'document'>): string {
		return this.direction === 'fromCrm' ? row.id : (document?.bcId ?? row.id);
	}

	refs({ row, bc, document }: Subject): { crm: LogRecordRef; businessCentral: LogRecordRef | null } {
		const { businessCentral, crm } = this.session;
		const [id, number] = [bc?.id ?? document?.bcId, bc?.number ?? document?.bcNumber ?? ''];
		return {
			crm: { id: row.id, number: row.number, name: row.name, url: crm.link(CRM_ORDERS, row.id) },
			businessCentral: id ? { id, number, name: bc?.name ?? '', url: businessCentral.link(BC_ORDERS, id, number || undefined) } : null,
		};
	}

	/** The order needs nobody's attention any more. */
	done(
		work: Told,
		action: OrderOutcome['action'],
		sends?: OrderOutcome['sends'],
		amounts: Reconciliation | null = work.document?.amounts ?? null,
		more: Pick<OrderOutcome, 'progress' | 'tells'> = {},
	): void {
		this.passOver(work);
		if (this.outcomes.length >= MOST_OUTCOMES) {
			this.moreOutcomes++;
			return;
		}
		this.outcomes.push({
			action,
			...this.refs(work),
			invoices: work.invoices,
			amounts,
			...(sends ? { sends } : {}),
			warnings: work.warnings,
			...more,
		});
	}

	/**
	 * The order could not be imported; every further run tries it again, because what it lacks need not change the order itself: so it is failed, and
	 * never skipped.
	 */
	fail(subject: Subject, error: SyncError): void {
		const { row, bc } = subject;
		const key = this.keyOf(subject);
		const before = this.known.get(key);
		const version = this.direction === 'fromCrm' ? row.version : (bc?.version ?? null);
		const source = { direction: this.direction, sourceId: key, sourceVersion: version };
		const pair = { businessCentral: bc, crm: row, coupling: null };
		const failure = this.recorder.fail(source, pair, error, { known: before && { ...before, attempts: 0 } });
		const attempts = before && before.errorCode === failure.errorCode ? before.attempts + 1 : 1;
		this.known.set(key, { ...failure, attempts });
		this.failures.push({ ...failure, attempts });
	}

	/** The order is not, or no longer, this run's affair: what was kept of its failures goes, and nothing is told. */
	passOver(subject: Pick<Subject, 'row' | 'document'>): void {
		const key = this.keyOf(subject);
		if (this.known.has(key)) this.settled.push(key);
	}

	/** Ids under which orders failed in earlier runs, and were not delivered since. */
	get failedBefore(): string[] {
		return [...this.known.keys()];
	}

	/** Something about an order that asks nobody to do anything at once. */
	warn(work: Subject & { warnings: string[] }, message: string, about: { code: string; hint: string }): void {
		work.warnings.push(message);
		this.recorder.note(`Order ${work.row.number}: ${message}`, { ...about, ...this.refs(work) });
	}

	/** What the store is to keep since it was last asked. */
	take(): { failures: Failure[]; failuresDone: Array<{ mapping: string; direction: PassDirection; sourceId: string }> } {
		const [failures, settled] = [this.failures, this.settled];
		[this.failures, this.settled] = [[], []];
		return { failures, failuresDone: settled.map((sourceId) => ({ mapping: ORDER_MAPPING, direction: this.direction, sourceId })) };
	}
}
