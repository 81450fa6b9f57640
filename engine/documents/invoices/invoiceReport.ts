import type { JobRecorder } from '../../jobs/recorder';
import type { PaymentState } from '../../model/document';
import type { SyncError } from '../../model/errors';
import type { Failure } from '../../model/failure';
import type { LogRecordRef } from '../../model/logEntry';
import type { SyncSession } from '../../ports/session';
import type { InvoiceOutcome, InvoiceWork } from './invoiceWork';
import { paymentOf } from './postedInvoice';
import { BC_INVOICES, CRM_INVOICES, INVOICE_MAPPING } from './tables';

/** Outcomes that are answered one by one; those beyond are counted. */
const MOST_OUTCOMES = 1_000;

type Subject = Pick<InvoiceWork, 'row' | 'crm' | 'crmId' | 'document'>;

/** Counts and tells what became of each invoice of a run, and keeps what is to be stored of its failures. */
export class InvoiceReport {
	readonly outcomes: InvoiceOutcome[] = [];
	moreOutcomes = 0;
	/** Something that should not happen has: what is not dealt with is read again. */
	unexpected = false;
	/** Ids of the invoices that failed in this run. */
	readonly failedNow = new Set<string>();
	private failures: Failure[] = [];
	private settled: string[] = [];

	constructor(
		private readonly session: SyncSession,
		private readonly recorder: JobRecorder,
		/** Failures of earlier runs, by id of the invoice. */
		private readonly known: Map<string, Failure>,
	) {}

	refs({ row, crm, crmId, document }: Subject): { businessCentral: LogRecordRef; crm: LogRecordRef } {
		const { id, number, name } = row;
		return {
			businessCentral: { id, number, name, url: this.session.businessCentral.link(BC_INVOICES, id, number || undefined) },
			crm: {
				id: crmId,
				number: crm?.number ?? document?.crmNumber ?? number,
				name: crm?.name ?? document?.name ?? '',
				url: crm || document ? this.session.crm.link(CRM_INVOICES, crmId) : null,
			},
		};
	}

	/** The invoice needs nobody's attention any more. */
	done(work: InvoiceWork, action: InvoiceOutcome['action'], sends?: InvoiceOutcome['sends']): void {
		this.settle(work.row.id);
		if (this.outcomes.length >= MOST_OUTCOMES) {
			this.moreOutcomes++;
			return;
		}
		this.outcomes.push({
			action,
			...this.refs(work),
			payment: paymentOf(work.invoice),
			amounts: work.amounts ?? work.document?.amounts ?? null,
			...(sends ? { sends } : {}),
			warnings: work.warnings,
		});
	}

	/** What was told of the payment of an invoice, where nothing else of it was looked at. */
	paid(subject: Subject, payment: PaymentState): void {
		this.settle(subject.row.id);
		if (this.outcomes.length >= MOST_OUTCOMES) {
			this.moreOutcomes++;
			return;
		}
		const action = this.session.preview ? 'wouldUpdate' : 'updated';
		this.outcomes.push({ action, ...this.refs(subject), payment, amounts: subject.document?.amounts ?? null, warnings: [] });
	}

	settle(id: string): void {
		if (this.known.has(id)) this.settled.push(id);
	}

	isKnown(id: string): boolean {
		return this.known.has(id);
	}

	/**
	 * The invoice could not be delivered; every further run tries it again, because what it lacks does not change the invoice itself: so it is failed, and
	 * never skipped.
	 */
	fail(subject: Subject, error: SyncError): void {
		const { row, crm } = subject;
		if (error.errorClass === 'transient') this.unexpected = true;
		this.failedNow.add(row.id);
		const before = this.known.get(row.id);
		const source = { direction: 'toCrm' as const, sourceId: row.id, sourceVersion: row.version };
		const pair = { businessCentral: row, crm, coupling: null };
		const failure = this.recorder.fail(source, pair, error, { known: before && { ...before, attempts: 0 } });
		const attempts = before && before.errorCode === failure.errorCode ? before.attempts + 1 : 1;
		this.known.set(row.id, { ...failure, attempts });
		this.failures.push({ ...failure, attempts });
	}

	/** Something about an invoice that asks nobody to do anything at once. */
	warn(subject: Subject & { warnings?: string[] }, error: Pick<SyncError, 'code' | 'message' | 'hint'>): void {
		const message = `Invoice ${subject.row.number}: ${error.message.replace(/^Invoice [^:]*: /, '')}`;
		subject.warnings?.push(error.message.replace(/^Invoice [^:]*: /, ''));
		this.recorder.note(message, { code: error.code, hint: error.hint, ...this.refs(subject) });
	}

	/** What the store is to keep since it was last asked. */
	take(): { failures: Failure[]; failuresDone: Array<{ mapping: string; direction: 'toCrm'; sourceId: string }> } {
		const [failures, settled] = [this.failures, this.settled];
		[this.failures, this.settled] = [[], []];
		return { failures, failuresDone: settled.map((sourceId) => ({ mapping: INVOICE_MAPPING, direction: 'toCrm', sourceId })) };
	}
}
