import { noContent } from '../answers';
import { DataverseError, invalidArgument, rowMissing } from '../errors';
import { readPayload, type Body } from '../payload';
import { byMessage } from '../rules/documents';
import { followDocument } from '../rules/lineStates';
import { recalculateAll } from '../rules/pricing';
import type { Changes } from '../values';
import { copyDocument, copyLines, shown } from './copies';
import { entityParameter, sourceRow, type BoundHandler, type Handler } from './handler';

/** Unbound actions of opportunities, quotes, orders and invoices. */
export const documentActions: Record<string, Handler> = {
	WinOpportunity: closing('opportunity', 'OpportunityClose', 'opportunityclose', 1),
	LoseOpportunity: closing('opportunity', 'OpportunityClose', 'opportunityclose', 2),
	FulfillSalesOrder: closing('salesorder', 'OrderClose', 'orderclose', 3),
	CancelSalesOrder: closing('salesorder', 'OrderClose', 'orderclose', 2),
	WinQuote: closing('quote', 'QuoteClose', 'quoteclose', 2),
	CloseQuote: closing('quote', 'QuoteClose', 'quoteclose', 3),
	ReviseQuote: (platform, call, body) => {
		const { id, row } = sourceRow(platform, 'quote', body.QuoteId);
		if (row.statecode !== 1 && row.statecode !== 3) throw invalidArgument('Only active or closed quotes can be revised.');
		platform.writer.update('quote', id, { statecode: 3, statuscode: 7, [byMessage]: true }, call.session);
		const revision = Number(row.revisionnumber ?? 0) + 1;
		const created = copyDocument(platform, call, { table: 'quote', row }, 'quote', { quotenumber: row.quotenumber ?? null });
		platform.writer.touch('quote', created, { revisionnumber: revision }, call.session);
		return shown(platform, call, { table: 'quote', id: created }, body);
	},
	ConvertQuoteToSalesOrder: (platform, call, body) => {
		const { id, row } = sourceRow(platform, 'quote', body.QuoteId);
		const created = copyDocument(platform, call, { table: 'quote', row }, 'salesorder', { quoteid: id });
		if (row.statecode === 1) platform.writer.update('quote', id, { statecode: 2, [byMessage]: true }, call.session);
		return shown(platform, call, { table: 'salesorder', id: created }, body);
	},
	ConvertSalesOrderToInvoice: (platform, call, body) => {
		const { id, row } = sourceRow(platform, 'salesorder', body.SalesOrderId);
		const created = copyDocument(platform, call, { table: 'salesorder', row }, 'invoice', { salesorderid: id });
		return shown(platform, call, { table: 'invoice', id: created }, body);
	},
	GenerateQuoteFromOpportunity: generating('quote'),
	GenerateSalesOrderFromOpportunity: generating('salesorder'),
	GenerateInvoiceFromOpportunity: generating('invoice'),
	LockSalesOrderPricing: locking('salesorder', 'SalesOrderId', true),
	UnlockSalesOrderPricing: locking('salesorder', 'SalesOrderId', false),
	LockInvoicePricing: locking('invoice', 'InvoiceId', true),
	UnlockInvoicePricing: locking('invoice', 'InvoiceId', false),
	CalculatePrice: recalculating,
	RecalculatePrice: recalculating,
};

/** Bound to the document that gets the products. Source: https://learn.microsoft.com/previous-versions/dynamicscrm-2016/developers-guide/mt607526(v=crm.8) */
export const boundDocumentActions: Record<string, Record<string, BoundHandler>> = {
	quote: { GetQuoteProductsFromOpportunity: fetchingProducts('quote') },
	salesorder: { GetSalesOrderProductsFromOpportunity: fetchingProducts('salesorder') },
	invoice: { GetInvoiceProductsFromOpportunity: fetchingProducts('invoice') },
};

function closing(tableName: string, parameter: string, activity: string, state: number): Handler {
	return (platform, call, body) => {
		const table = platform.model.table(tableName);
		const column = table.primaryId;
		const details = body[parameter];
		if (typeof details !== 'object' || details === null) throw invalidArgument(`The required parameter '${parameter}' is missing.`);
		const { values } = readPayload(platform, call, platform.model.table(activity), details as Body);
		const id = values[column];
		if (typeof id !== 'string') throw invalidArgument(`The parameter '${parameter}' needs '${column}@odata.bind'.`);
		const row = platform.db.row(tableName, id);
		if (!row) throw rowMissing(tableName, id);
		platform.demand(call.session, 'Write', tableName);
		const from = tableName === 'quote' ? [1] : tableName === 'salesorder' ? [0, 1] : [0];
		if (!from.includes(Number(row.statecode))) {
			throw new DataverseError(400, '0x80048408', `The ${tableName} with Id ${id} cannot be closed from its current state.`);
		}
		const given = body.Status === undefined || body.Status === -1 ? null : Number(body.Status);
		const end = values.actualend ?? platform.writer.now();
		const changes: Changes = {
			statecode: state,
			statuscode: given ?? table.states!.values[String(state)]!.defaultStatus,
			[byMessage]: true,
		};
		if (tableName === 'opportunity') {
			changes.actualclosedate = String(end).slice(0, 10);
			changes.actualvalue = values.actualrevenue ?? row.estimatedvalue ?? null;
		}
		if (tableName === 'salesorder' && state === 3) changes.datefulfilled = String(end).slice(0, 10);
		platform.writer.update(tableName, id, changes, call.session);
		platform.writer.create(activity, { ...values, actualend: end }, call.session);
		return noContent();
	};
}

function generating(table: string): Handler {
	return (platform, call, body) => {
		const { id, row } = sourceRow(platform, 'opportunity', body.OpportunityId);
		const created = copyDocument(platform, call, { table: 'opportunity', row }, table, { opportunityid: id });
		return shown(platform, call, { table, id: created }, body);
	};
}

function fetchingProducts(table: string): BoundHandler {
	return (platform, call, id, body) => {
		const { row } = sourceRow(platform, 'opportunity', body.OpportunityId);
		platform.demand(call.session, 'Write', table);
		copyLines(platform, call, { table: 'opportunity', row }, { table, id });
		return noContent();
	};
}

function locking(table: string, parameter: string, locked: boolean): Handler {
	return (platform, call, body) => {
		const { id } = sourceRow(platform, table, body[parameter]);
		platform.demand(call.session, 'Write', table);
		platform.writer.touch(table, id, { ispricelocked: locked }, call.session);
		followDocument(platform.writer, table, id);
		return noContent();
	};
}

/** Computes the lines and totals of a document anew. */
function recalculating(...[platform, call, body]: Parameters<Handler>): ReturnType<Handler> {
	const { entityLogicalName: name, entityId } = body;
	const { table, id } =
		typeof name === 'string' ? { table: name, ...sourceRow(platform, platform.model.table(name).logicalName, entityId) } : entityParameter(platform, call, body, 'Target'); // prettier-ignore
	platform.demand(call.session, 'Write', table);
	recalculateAll(platform.writer, table, id, call.session);
	return noContent();
}
