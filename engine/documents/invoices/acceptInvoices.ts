import type { SyncSession } from '../../ports/session';
import type { InvoiceJobRequest, InvoiceResult } from './invoiceJob';
import { synchronizeInvoices } from './synchronizeInvoices';
import { INVOICE_MAPPING } from './tables';

/**
 * A person says that invoices count as they are in CRM although their amounts differ from those of Business Central; those that were held are finished.
 * `unknown`: invoices this connection has not brought to CRM; none of them is created.
 */
export async function acceptInvoices(
	session: SyncSession,
	ids: readonly string[],
	request: InvoiceJobRequest = {},
): Promise<InvoiceResult & { unknown: readonly string[] }> {
	const asked = [...new Set(ids.map((id) => id.toLowerCase()))];
	const documents = await session.store.documentsOf(INVOICE_MAPPING, 'businessCentral', asked);
	const known = asked.filter((id) => documents.get(id)?.goneSince === null);
	const result = await synchronizeInvoices(session, { ...request, ids: known, accept: true });
	return { ...result, unknown: asked.filter((id) => !known.includes(id)) };
}
