import type { RecordOperation } from '../../ports/write';
import { invoiceId } from './ids';
import { keptChanging, refused } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { type PaymentChange, tellPayments } from './payment';
import { paymentOf } from './postedInvoice';
import { crmPaymentOf } from './states';
import { CRM_INVOICES } from './tables';
import { differing, withoutMoney } from './update';

/** What CRM is to say of the payment of an invoice; none where Business Central contradicts itself. */
export const changeOf = ({ row, document, invoice }: InvoiceWork): PaymentChange[] => {
	const target = paymentOf(invoice);
	return target === null || document === null ? [] : [{ row, document, target }];
};

/** Writes what was changed in Business Central, into rows that can be edited, and how far they are paid, where that has changed. */
export async function updateFinished(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<void> {
	const { report, job } = context;
	const { written, failed } = await writeContent(context, works);
	const rest = works.filter((work) => !failed.has(work));
	const due = rest.filter((work) => isPaymentDue(context, work));
	const told = await tellPayments(context, due.flatMap(changeOf));
	const done = new Map(told.map((change) => [change.row.id, change]));
	const documents = told.map(({ document, target }) => ({ ...document, payment: target }));
	if (documents.length > 0 && !context.preview) await job.commit({ documents, ...report.take() });
	for (const work of rest) {
		if (due.includes(work) && !done.has(work.row.id)) continue;
		const isUpdated = written.has(work) || due.includes(work);
		if (!isUpdated || context.preview) job.recorder.count(isUpdated ? 'modified' : 'unchanged');
		else if (written.has(work) && !due.includes(work)) job.recorder.count('modified');
		report.done(work, isUpdated ? (context.preview ? 'wouldUpdate' : 'updated') : 'unchanged');
	}
}

/** Writes what was changed in Business Central into rows that can be edited. What cannot be written is told as failed. */
export async function writeContent(
	context: InvoiceContext,
	works: readonly InvoiceWork[],
): Promise<{ written: ReadonlySet<InvoiceWork>; failed: ReadonlySet<InvoiceWork> }> {
	const { session, report } = context;
	const changed = works.flatMap((work) => {
		const values = work.plan ? differing(keptOf(context, work), work.crm!) : {};
		return Object.keys(values).length === 0 ? [] : [{ work, values }];
	});
	const failed = new Set<InvoiceWork>();
	const written = new Set<InvoiceWork>();
	if (changed.length === 0) return { written, failed };
	const outcomes = await session.crm.write(
		CRM_INVOICES,
		changed.map(({ work, values }): RecordOperation => ({
			kind: 'update',
			id: work.crmId,
			version: work.crm!.version,
			number: '',
			values,
		})),
	);
	outcomes.forEach((outcome, index) => {
		const { work } = changed[index]!;
		if (outcome.status === 'written') written.add(work);
		else {
			failed.add(work);
			report.fail(work, outcome.status === 'failed' ? refused(work.invoice, outcome.error) : keptChanging(work.invoice));
		}
	});
	return { written, failed };
}

/**
 * What Business Central says now is not what CRM was told last. A status of a person's own stays while nothing has changed, unless the invoice was named:
 * then what the row says counts.
 */
function isPaymentDue({ chosen }: InvoiceContext, { invoice, document, crm }: InvoiceWork): boolean {
	const target = paymentOf(invoice);
	if (target === null) return false;
	if (target !== document!.payment) return true;
	const now = crmPaymentOf(crm!.values);
	return chosen && now !== target && now !== 'other';
}

/** An invoice that another integration has made keeps its amounts: they fit lines that are not ours. */
const keptOf = ({ session }: InvoiceContext, { plan, crmId, row }: InvoiceWork) =>
	crmId === invoiceId(session.companyId, row.id) ? plan!.kept : withoutMoney(plan!.kept);
