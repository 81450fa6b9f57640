import { COMPANY_COLUMN } from '../../model/companyColumn';
import type { SystemRecord } from '../../model/record';
import { ambiguous } from './invoiceErrors';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { newDocument } from './createInvoices';
import { CRM_INVOICES, CRM_STATE, INVOICE_MAPPING } from './tables';

/**
 * Before invoices are created, CRM is asked for rows that bear their numbers: what another integration has brought before is coupled, never doubled. Where
 * several companies share the CRM, a row of no company tells nothing: numbers are alike in all of them. Answers all but those that fail. One request.
 */
export async function meetInvoices(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<InvoiceWork[]> {
	const open = works.filter(({ crm, document }) => crm === null && document === null);
	if (open.length === 0) return [...works];
	const { session, run, report, job } = context;
	const columns = [...CRM_STATE, ...(run.companyRowId === null ? [] : [COMPANY_COLUMN])];
	const numbers = open.map(({ invoice }) => invoice.number);
	const rows = await session.crm.readByValues(CRM_INVOICES, 'invoicenumber', numbers, columns);
	const taken = await session.store.documentsOf(
		INVOICE_MAPPING,
		'crm',
		rows.map(({ id }) => id),
	);
	const isOurs = ({ values }: SystemRecord): boolean =>
		run.companyRowId === null ||
		values[COMPANY_COLUMN] === run.companyRowId ||
		(!run.severalCompanies && (values[COMPANY_COLUMN] ?? null) === null);
	return works.flatMap((work) => {
		if (!open.includes(work)) return [work];
		const hits = rows.filter((row) => row.number === work.invoice.number && !taken.has(row.id) && isOurs(row));
		if (hits.length > 1) {
			report.fail(work, ambiguous(work.invoice, hits.length));
			return [];
		}
		if (!hits[0]) return [work];
		const met = { ...work, crm: hits[0], crmId: hits[0].id };
		return [{ ...met, document: newDocument(met, hits[0], job.recorder.now()), made: 'met' as const }];
	});
}
