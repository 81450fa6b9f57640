import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { type ImportResult, orderSummary, type SyncError } from '../../../engine';
import { failedJson, item, nothingItem } from '../../shared/items';
import { runItems } from '../../shared/runItems';

/** Which input items an order came from; all of them where nobody named orders. */
export type ItemsOf = (crmId: string) => readonly number[];

/**
 * Both outputs of an import: one item for each order that is dealt with, and one for each that failed. A run that came to nothing as a whole ends the node, as
 * everywhere.
 */
export function importItems(
	context: IExecuteFunctions,
	result: ImportResult,
	itemsOf: ItemsOf,
	all: readonly number[],
	says: { nothing: string; notFound: Parameters<typeof refusedItem>[1] } = { nothing: 'No order is due.', notFound },
): INodeExecutionData[][] {
	const [, failed = []] = runItems(context, [result.job], all, '', ({ crm }) => (crm ? itemsOf(crm.id) : all));
	const { job, warnings } = result.job;
	const done = result.orders.map((order) =>
		item({ ...plain(order), jobId: job.id, preview: job.preview, message: job.message }, itemsOf(order.crm.id)),
	);
	if (result.moreOrders > 0)
		done.push(item({ more: result.moreOrders, jobId: job.id, message: `${result.moreOrders} more orders were dealt with.` }, all));
	for (const id of result.notFound) failed.push(refusedItem(id, says.notFound, job.id, itemsOf(id)));
	if (job.status === 'alreadyRunning' || job.status === 'stopped')
		done.push(item({ status: job.status, jobId: job.id, message: job.message }, all));
	else if (done.length + failed.length === 0) done.push(nothingItem(says.nothing, all));
	if (warnings.length > 0 && done[0]) done[0].json['runWarnings'] = [...warnings];
	return [done, failed];
}

/** What is said of an order that could not be dealt with at all. */
export const refusedItem = (
	id: string,
	error: Pick<SyncError, 'code' | 'errorClass' | 'message' | 'hint'>,
	jobId: string,
	indexes: readonly number[],
): INodeExecutionData =>
	item(
		failedJson({
			jobId,
			mapping: orderSummary.name,
			direction: 'fromCrm',
			errorClass: error.errorClass,
			errorCode: error.code,
			message: error.message,
			hint: error.hint,
			businessCentral: null,
			crm: { id, number: '', name: '', url: null },
			attempts: 1,
			skipped: false,
		}),
		indexes,
	);

export const notFound = {
	code: 'RECORD_NOT_FOUND',
	errorClass: 'data',
	message: 'CRM has no order with this id.',
	hint: 'Check the id, or choose the order from the list.',
} as const;

/** n8n wants plain JSON. */
export const plain = (value: unknown): IDataObject => JSON.parse(JSON.stringify(value)) as IDataObject;
