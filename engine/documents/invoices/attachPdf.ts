import { SyncError } from '../../model/errors';
import { pdfNoteId } from './ids';
import type { InvoiceContext } from './invoiceContext';
import type { InvoiceWork } from './invoiceWork';
import { BC_INVOICES, NOTES } from './tables';

/** Bytes of a note's file that every organization takes (`organization.maxuploadfilesize`: 5 MB unless set otherwise). */
const MOST_BYTES = 5 * 1024 * 1024;

/**
 * Attaches the invoice as people print it as a note to its row in CRM, once: the note has an id made of the invoice's. One that cannot be had or is too
 * large is told and keeps no invoice from being delivered. One request an invoice, because a service makes one document at a time, and one after another,
 * so that only one is in memory.
 */
export async function attachPdfs(context: InvoiceContext, works: readonly InvoiceWork[]): Promise<void> {
	const { session } = context;
	if (!context.attachPdf || works.length === 0) return;
	const noteOf = ({ row }: InvoiceWork): string => pdfNoteId(session.companyId, row.id);
	const there = await session.crm.existing(NOTES, works.map(noteOf));
	for (const work of works) {
		if (there.has(noteOf(work))) continue;
		try {
			await attach(context, work, noteOf(work));
		} catch (error) {
			if (!(error instanceof SyncError)) throw error;
			report(context, work, `its PDF could not be attached: ${error.message}`);
		}
	}
}

async function attach({ session, report: tell }: InvoiceContext, work: InvoiceWork, id: string): Promise<void> {
	const { businessCentral, crm } = session;
	if (!businessCentral.readContent) return;
	const content = await businessCentral.readContent(BC_INVOICES, work.row.id, 'pdfDocument/pdfDocumentContent');
	const bytes = Math.floor((content.length * 3) / 4);
	if (content === '' || bytes > MOST_BYTES) {
		const why = content === '' ? 'Business Central has none' : `it has ${(bytes / 1024 / 1024).toFixed(1)} MB, and notes take 5 MB`;
		tell.warn(work, { code: 'INVOICE_PDF', message: `its PDF was not attached: ${why}.`, hint: HINT });
		return;
	}
	const values = {
		subject: `Invoice ${work.invoice.number}`,
		filename: `${work.invoice.number.replace(/[^\p{L}\p{N}._ -]/gu, '_')}.pdf`,
		mimetype: 'application/pdf',
		isdocument: true,
		documentbody: content,
		objectid: { table: 'invoice', id: work.crmId },
	};
	const [outcome] = await crm.write(NOTES, [{ kind: 'insert', id, values }]);
	if (outcome?.status === 'failed' || outcome?.status === 'unknown') throw outcome.error;
}

const HINT =
	'The invoice itself is delivered. Attach the PDF by hand in CRM, or name the invoice in Sales Documents once the cause is gone.';
const report = (context: InvoiceContext, work: InvoiceWork, message: string): void =>
	context.report.warn(work, { code: 'INVOICE_PDF', message, hint: HINT });
