import type { CoupledDocument } from '../../model/document';
import type { SystemRecord } from '../../model/record';
import { keyOf } from './createInvoices';
import { invoiceId } from './ids';
import { deletedInCrm } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { isPosted, toInvoice } from './postedInvoice';
import { CRM_INVOICES, CRM_STATE, INVOICE_MAPPING } from './tables';
import { KEPT_COLUMNS } from './update';

/** Read, with what the store and CRM have of them. One request. */
export async function known({ session }: InvoiceContext, rows: readonly SystemRecord[]): Promise<InvoiceWork[]> {
	const documents = await session.store.documentsOf(
		INVOICE_MAPPING,
		'businessCentral',
		rows.map(({ id }) => id),
	);
	const idOf = ({ id }: SystemRecord): string => documents.get(id)?.crmId ?? invoiceId(session.companyId, id);
	const there = await session.crm.readByIds(CRM_INVOICES, rows.map(idOf), [...CRM_STATE, ...KEPT_COLUMNS]);
	return rows.map((row) => ({
		row,
		invoice: toInvoice(row),
		lines: [],
		crmId: idOf(row),
		document: documents.get(row.id) ?? null,
		crm: there.get(idOf(row)) ?? null,
		warnings: [],
	}));
}

/** Which of them this run brings: those that CRM has, and new ones where they are wanted. A row that was deleted in CRM comes back only by name. */
export async function wanted(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<InvoiceWork[]> {
	const { chosen, createFrom, intents, report, job } = context;
	const now = job.recorder.now();
	const parted: InvoiceWork[] = [];
	const gone: CoupledDocument[] = [];
	const left = works.flatMap((work) => {
		const { document, crm, row, invoice } = work;
		if (document !== null && crm === null) {
			if (chosen || document.stage !== 'handedOver') {
				parted.push(work);
				return [{ ...work, document: null, crmId: invoiceId(context.session.companyId, row.id) }];
			}
			if (document.goneSince === null) {
				report.warn(work, deletedInCrm(invoice));
				gone.push({ ...document, goneSince: now });
			}
			report.settle(row.id);
			return [];
		}
		if (document !== null || crm !== null || chosen || intents.has(row.id) || report.isKnown(row.id)) return [work];
		if (createFrom !== null && (invoice.postingDate ?? '') >= createFrom && isPosted(invoice)) return [work];
		job.recorder.notCoupled.add(row.id);
		return [];
	});
	// The couple with a row that is gone ends before there is another, because an invoice has one; that there is to be another is not forgotten.
	const documentsDone = parted.map(({ document }) => ({ mapping: INVOICE_MAPPING, crmId: document!.crmId }));
	const again = parted.map(({ row }) => ({ ...keyOf(row.id), targetId: null, values: { number: row.number }, createdAt: now }));
	if (parted.length + gone.length > 0 && !context.preview) await job.commit({ documents: gone, documentsDone, intents: again });
	return left;
}
