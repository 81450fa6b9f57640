import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { invoiceSummary, type InvoiceResult } from '../../../engine';
import { failedJson, item, nothingItem } from '../../shared/items';
import { runItems } from '../../shared/runItems';
import { plain } from './orderItems';

/** Which input items an invoice came from; all of them where nobody named invoices. */
type ItemsOf = (bcId: string) => readonly number[];

/**
 * Both outputs of a run over invoices: one item for each that was written or looked at by name, and one for each that failed. A run that came to nothing as a
 * whole ends the node, as everywhere.
 */
export function invoiceItems(
	context: IExecuteFunctions,
	result: InvoiceResult,
	itemsOf: ItemsOf,
	{ all, nothing }: { all: readonly number[]; nothing: string },
): INodeExecutionData[][] {
	const [, failed = []] = runItems(context, [result.job], all, '', ({ businessCentral }) =>
		businessCentral ? itemsOf(businessCentral.id) : all,
	);
	const { job, warnings } = result.job;
	const done = result.invoices.map((invoice) =>
		item({ ...plain(invoice), jobId: job.id, preview: job.preview, message: job.message }, itemsOf(invoice.businessCentral.id)),
	);
	if (result.moreInvoices > 0)
		done.push(item({ more: result.moreInvoices, jobId: job.id, message: `${result.moreInvoices} more invoices were dealt with.` }, all));
	for (const id of result.notFound) failed.push(missingItem(id, NOT_THERE, job.id, itemsOf(id)));
	if (job.status === 'alreadyRunning' || job.status === 'stopped')
		done.push(item({ status: job.status, jobId: job.id, message: job.message }, all));
	else if (done.length + failed.length === 0) done.push(nothingItem(nothing, all));
	if (warnings.length > 0 && done[0]) done[0].json['runWarnings'] = [...warnings];
	return [done, failed];
}

const NOT_THERE = {
	message: 'Business Central has no invoice with this id.',
	hint: 'Check the id, or choose the invoice from the list.',
};

/** What is said of an invoice that one of the systems does not have. */
export const missingItem = (
	id: string,
	{ message, hint }: { message: string; hint: string },
	jobId: string,
	indexes: readonly number[],
): INodeExecutionData =>
	item(
		failedJson({
			jobId,
			mapping: invoiceSummary.name,
			direction: 'toCrm',
			errorClass: 'data',
			errorCode: 'RECORD_NOT_FOUND',
			message,
			hint,
			businessCentral: { id, number: '', name: '', url: null },
			crm: null,
			attempts: 1,
			skipped: false,
		}),
		indexes,
	);
