import type { CoupledDocument, DocumentStage, PaymentState } from '../../model/document';
import type { Reconciliation } from '../../model/documentAmounts';
import type { Failure } from '../../model/failure';
import type { LogRecordRef } from '../../model/logEntry';
import type { SyncSession } from '../../ports/session';
import { BC_INVOICES, CRM_INVOICES, INVOICE_MAPPING } from './tables';

/** A posted invoice that the store knows: its row in CRM, how far it has come, what CRM was told of its payment, and who is to do something about it. */
export interface InvoiceView {
	businessCentral: LogRecordRef;
	crm: LogRecordRef | null;
	/** `failed`: CRM has no row of it, because its delivery failed. `handedOver`: its row is complete. */
	state: DocumentStage | 'failed';
	/** What CRM was told last; null before the row is complete. */
	payment: PaymentState | null;
	amounts: Reconciliation | null;
	coupledAt: string | null;
	completedAt: string | null;
	/** Who is to do something, and what; empty where nobody is. */
	waitsFor: string;
	lastError: { code: string; message: string; hint: string } | null;
}

export interface InvoiceListQuery {
	state?: InvoiceView['state'];
	/** Part of a number or name; of failed invoices, of their message. */
	text?: string;
	limit: number;
}

/** Invoices read at a time. */
const PAGE = 500;

/** Invoices as the store knows them, those that failed without a row last. Reads no system but for numbers of those. `more`: there are others. */
export async function listInvoices(session: SyncSession, query: InvoiceListQuery): Promise<{ rows: InvoiceView[]; more: boolean }> {
	const rows: InvoiceView[] = [];
	const { state, text, limit } = query;
	let next: string | undefined;
	do {
		if (state === 'failed') break;
		const page = await session.store.listDocuments({
			mapping: INVOICE_MAPPING,
			...(state ? { stage: state } : {}),
			...(text ? { text } : {}),
			limit: Math.min(PAGE, limit - rows.length),
			...(next ? { next } : {}),
		});
		const ids = page.rows.flatMap(({ bcId }) => bcId ?? []);
		const failures = await session.store.failuresOf(INVOICE_MAPPING, 'toCrm', ids);
		for (const document of page.rows) rows.push(viewOf(session, document, failures.get(document.bcId ?? '')));
		next = page.next;
	} while (next && rows.length < limit);
	if (next || (state && state !== 'failed')) return { rows, more: next !== undefined };
	const failed = await failedInvoices(session, text);
	return { rows: [...rows, ...failed].slice(0, limit), more: rows.length + failed.length > limit };
}

function viewOf({ crm, businessCentral }: SyncSession, document: CoupledDocument, failure: Failure | undefined): InvoiceView {
	const { crmId, bcId, crmNumber, bcNumber, name, stage, goneSince, payment = null, amounts, coupledAt, handedOverAt } = document;
	const id = bcId ?? '';
	return {
		businessCentral: { id, number: bcNumber, name: '', url: businessCentral.link(BC_INVOICES, id, bcNumber || undefined) },
		crm: goneSince === null ? { id: crmId, number: crmNumber, name, url: crm.link(CRM_INVOICES, crmId) } : null,
		state: stage,
		payment,
		amounts,
		coupledAt,
		completedAt: handedOverAt,
		waitsFor: failure?.hint ?? (goneSince === null ? WAITS_FOR[stage] : DELETED),
		lastError: errorOf(failure),
	};
}

const WAITS_FOR: Readonly<Record<DocumentStage, string>> = {
	open: 'The next run completes it.',
	held: 'Somebody corrects the amounts, or accepts them in Sales Documents → Accept Amounts.',
	handedOver: '',
	closed: '',
};

const DELETED = 'Its row was deleted in CRM. It comes back when the invoice is chosen in Sales Documents → Synchronize Invoices.';

async function failedInvoices(session: SyncSession, text: string | undefined): Promise<InvoiceView[]> {
	const { store, businessCentral } = session;
	const failures: Failure[] = [];
	let next: string | undefined;
	do {
		const page = await store.listFailures({ mapping: INVOICE_MAPPING, limit: PAGE, ...(next ? { next } : {}) });
		failures.push(...page.rows);
		next = page.next;
	} while (next);
	const ids = failures.map(({ sourceId }) => sourceId);
	const known = await store.documentsOf(INVOICE_MAPPING, 'businessCentral', ids);
	const open = failures.filter(
		({ sourceId, message }) => !known.has(sourceId) && (!text || message.toLowerCase().includes(text.toLowerCase())),
	);
	const wanted = open.map(({ sourceId }) => sourceId);
	const rows = wanted.length > 0 ? await businessCentral.readByIds(BC_INVOICES, wanted, []) : new Map();
	return open.map((failure) => {
		const row = rows.get(failure.sourceId);
		const number: string = row?.number ?? '';
		const url = row ? businessCentral.link(BC_INVOICES, failure.sourceId, number || undefined) : null;
		return {
			businessCentral: { id: failure.sourceId, number, name: row?.name ?? '', url },
			crm: null,
			state: 'failed',
			payment: null,
			amounts: null,
			coupledAt: null,
			completedAt: null,
			waitsFor: failure.hint,
			lastError: errorOf(failure),
		};
	});
}

const errorOf = (failure: Failure | undefined): InvoiceView['lastError'] =>
	failure ? { code: failure.errorCode, message: failure.message, hint: failure.hint } : null;
