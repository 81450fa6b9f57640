import type { CoupledDocument } from '../../model/document';
import type { SystemRecord } from '../../model/record';
import { refused, unsettled } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { CRM_INVOICES, CRM_STATE, INVOICE_MAPPING } from './tables';

/**
 * Creates the headers of invoices in CRM, Active / New, under the ids that are made of theirs: announced before, and kept as unfinished afterwards, so that
 * a process may die at any moment and the next run goes on. A row that is there already is taken. Answers those that exist now.
 */
export async function createInvoices(
	context: InvoiceContext,
	works: ReadonlyArray<InvoiceWork & { priceListId: string }>,
): Promise<InvoiceWork[]> {
	if (works.length === 0) return [];
	const { session, job, report } = context;
	const now = job.recorder.now();
	const intents = works.map(({ row, crmId }) => ({ ...keyOf(row.id), targetId: crmId, values: { number: row.number }, createdAt: now }));
	await job.commit({ intents, ...report.take() });
	const outcomes = await session.crm.write(
		CRM_INVOICES,
		works.map(({ crmId, plan, priceListId }) => ({
			kind: 'insert' as const,
			id: crmId,
			values: { ...plan!.once, ...plan!.kept, pricelevelid: { table: 'pricelevel', id: priceListId } },
		})),
		CRM_STATE,
	);
	const there: InvoiceWork[] = [];
	const settled: InvoiceWork[] = [];
	for (const [index, outcome] of outcomes.entries()) {
		const work = works[index]!;
		if (outcome.status === 'written' || outcome.status === 'exists') {
			const crm = outcome.status === 'written' ? outcome.record : null;
			if (outcome.status === 'written') job.recorder.count('inserted');
			there.push({ ...work, crm, document: newDocument(work, crm, now), made: 'created' });
			settled.push(work);
		} else if (outcome.status === 'unknown') report.fail(work, unsettled(work.invoice, outcome.error));
		else {
			// What was refused was not carried out at all: there is no row, and nothing to look for.
			settled.push(work);
			report.fail(work, refused(work.invoice, 'error' in outcome ? outcome.error : undefined));
		}
	}
	const documents = there.map(({ document }) => document!);
	await job.commit({ documents, intentsDone: settled.map(({ row }) => keyOf(row.id)), ...report.take() });
	return there;
}

export const keyOf = (sourceId: string): { mapping: string; direction: 'toCrm'; sourceId: string } => ({
	mapping: INVOICE_MAPPING,
	direction: 'toCrm',
	sourceId,
});

/** A document whose row has just been created or met, and whose content is not complete yet. */
export const newDocument = ({ row, crmId, invoice }: InvoiceWork, crm: SystemRecord | null, now: string): CoupledDocument => ({
	mapping: INVOICE_MAPPING,
	crmId,
	bcId: row.id,
	crmNumber: crm?.number || invoice.number,
	bcNumber: invoice.number,
	name: crm?.name ?? '',
	stage: 'open',
	content: '',
	amounts: null,
	accepted: null,
	goneSince: null,
	coupledAt: now,
	handedOverAt: null,
	lines: [],
});
