import { cutText } from '../../model/cutText';
import { Decimal } from '../../model/decimal';
import type { CoupledDocument } from '../../model/document';
import { SyncError } from '../../model/errors';
import type { SystemRecord } from '../../model/record';
import { DESCRIPTION_LENGTH } from './header';
import { creditPostId } from './ids';
import type { RecordOperation } from '../../ports/write';
import type { SyncSession } from '../../ports/session';
import type { PaymentContext } from './invoiceContext';
import { refused } from './invoiceErrors';
import { dayOf } from './postedInvoice';
import { editLocked } from '../kernel/changeSet';
import { PAYMENT_STATES, STATES } from './states';
import { BC_CREDIT_MEMOS, CRM_INVOICES, CRM_STATE, INVOICE_MAPPING, POSTED, POSTS } from './tables';

export const CREDIT_FIELDS = [
	'status',
	'postingDate',
	'creditMemoDate',
	'currencyCode',
	'totalAmountIncludingTax',
	'invoiceId',
	'invoiceNumber',
];

/** What stands in the description of the invoice, and is looked for there: it begins with the number. */
export function creditLine({ number, values }: SystemRecord): string {
	const day = dayOf(values['postingDate']) ?? dayOf(values['creditMemoDate']) ?? '';
	const amount = Decimal.orZero(Number(values['totalAmountIncludingTax'] ?? 0)).toFixed(2);
	return `Credit memo ${number} · ${day} · ${amount} ${String(values['currencyCode'] ?? '')}`.trim();
}

/** Posted credit memos of invoices, by number of the invoice. One request. */
export async function creditMemosOf({ session }: PaymentContext, invoices: readonly SystemRecord[]): Promise<SystemRecord[]> {
	const numbers = [...new Set(invoices.map(({ number }) => number).filter((number) => number !== ''))];
	return numbers.length === 0
		? []
		: await session.businessCentral.readByValues(BC_CREDIT_MEMOS, 'invoiceNumber', numbers, CREDIT_FIELDS, POSTED);
}

/** Credit memos by the id of the invoice they apply to. */
export function byInvoice(memos: readonly SystemRecord[]): Map<string, SystemRecord[]> {
	const found = new Map<string, SystemRecord[]>();
	for (const memo of memos) {
		const invoice = String(memo.values['invoiceId'] ?? '').toLowerCase();
		found.set(invoice, [...(found.get(invoice) ?? []), memo]);
	}
	return found;
}

/** Credit memos that were posted or changed since: those of invoices that CRM has. Those of others are told when these are created. */
export async function tellNewCreditMemos(context: PaymentContext, memos: readonly SystemRecord[]): Promise<void> {
	const documents = await context.session.store.documentsOf(INVOICE_MAPPING, 'businessCentral', [...byInvoice(memos).keys()]);
	await tellCreditMemos(
		context,
		[...documents.values()].filter(({ stage, goneSince }) => stage === 'handedOver' && goneSince === null),
		memos,
	);
}

/**
 * Tells CRM of the credit memos of invoices: a post, and a line in the description, which is what says that it was told. How far the invoice is paid does
 * not depend on it. Three requests.
 */
export async function tellCreditMemos(
	context: PaymentContext,
	documents: readonly CoupledDocument[],
	memos: readonly SystemRecord[],
): Promise<void> {
	const { session, job, report } = context;
	const invoices = byInvoice(memos);
	const finished = documents.filter(({ bcId }) => bcId !== null && invoices.has(bcId));
	if (finished.length === 0) return;
	const rows = await session.crm.readByIds(
		CRM_INVOICES,
		finished.map(({ crmId }) => crmId),
		[...CRM_STATE, 'description'],
	);
	const open = finished.flatMap((document) => {
		const row = rows.get(document.crmId);
		const untold = row ? invoices.get(document.bcId!)!.filter((memo) => !isTold(row, memo)) : [];
		return row && untold.length > 0 ? [{ document, row, untold }] : [];
	});
	if (open.length === 0) return;
	if (context.preview) {
		for (const { document } of open) {
			job.recorder.count('modified');
			if (document.payment) report.paid(subjectOf(document), document.payment);
		}
		return;
	}
	await post(context, open);
	const outcomes = await session.crm.write(
		CRM_INVOICES,
		open.map(({ row, untold }) => describe(row, untold)),
	);
	for (const [index, outcome] of outcomes.entries()) {
		const { document } = open[index]!;
		if (outcome.status === 'written') {
			job.recorder.count('modified');
			if (document.payment) report.paid(subjectOf(document), document.payment);
		} else report.fail(subjectOf(document), refused(named(document), 'error' in outcome ? outcome.error : undefined));
	}
}

const named = ({ bcId, bcNumber }: CoupledDocument) => ({ id: bcId!, number: bcNumber });
const subjectOf = (document: CoupledDocument) => ({
	row: { id: document.bcId!, number: document.bcNumber, name: '', version: '', modifiedAt: '', values: {} },
	document,
	crmId: document.crmId,
	crm: null,
});

const descriptionOf = ({ values }: SystemRecord): string => String(values['description'] ?? '');
/** The number ends at the separator, so that 10 is not taken for 100. */
const isTold = (row: SystemRecord, { number }: SystemRecord): boolean => descriptionOf(row).includes(`Credit memo ${number} ·`);

/** The line goes behind what people have written there; where there is no room, what they wrote loses its end. */
function describe(row: SystemRecord, memos: readonly SystemRecord[]) {
	const lines = memos.map(creditLine).join('\n');
	const before = cutText(descriptionOf(row), Math.max(0, DESCRIPTION_LENGTH - lines.length - 1));
	const description = cutText([before, lines].filter(Boolean).join('\n'), DESCRIPTION_LENGTH);
	const { statecode, statuscode } = row.values;
	if (statecode === STATES.active)
		return { kind: 'update' as const, id: row.id, version: row.version, number: '', values: { description } };
	const ends = [Number(statecode), Number(statuscode)] as const;
	return editLocked({
		table: CRM_INVOICES,
		id: row.id,
		version: row.version,
		editable: PAYMENT_STATES.billed,
		ends,
		values: { description },
	});
}

/** A post each, under an id made of that of the credit memo. Posts that CRM does not take keep nothing from being told in the description. */
async function post(
	{ session, job }: PaymentContext,
	open: ReadonlyArray<{ document: CoupledDocument; untold: readonly SystemRecord[] }>,
): Promise<void> {
	const posts = open.flatMap(({ document, untold }) =>
		untold.map((memo) => ({
			kind: 'insert' as const,
			id: creditPostId(session.companyId, memo.id),
			values: { text: creditLine(memo), source: 1, regardingobjectid: { table: 'invoice', id: document.crmId } },
		})),
	);
	const error = await firstError(session, posts);
	if (error !== null)
		job.recorder.warn(`CRM takes no posts about invoices: ${error.message} The credit memos stand in the description of their invoices.`, {
			code: 'INVOICE_POSTS',
			hint: 'Switch posts on for the table Invoice in CRM (activity feeds), or leave it as it is.',
		});
}

/** A table that has no posts is refused before anything is sent. */
async function firstError({ crm }: SyncSession, posts: readonly RecordOperation[]): Promise<SyncError | null> {
	try {
		const outcomes = await crm.write(POSTS, posts);
		const failed = outcomes.find((outcome) => outcome.status === 'failed');
		return failed?.status === 'failed' ? failed.error : null;
	} catch (error) {
		if (error instanceof SyncError && error.errorClass === 'setup') return error;
		throw error;
	}
}
