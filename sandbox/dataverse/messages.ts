import type { SandboxResponse } from '../core/http';
import { jsonAnswer, noContent } from './answers';
import type { Call } from './call';
import { DataverseError, invalidArgument, rowMissing } from './errors';
import type { Table } from './model';
import { readBody, readPayload, type Body } from './payload';
import { optionActions } from './optionActions';
import type { Platform } from './platform';
import { contextUrl, etagOf, RowView } from './rowView';
import { byMessage } from './rules/documents';
import type { Changes, Row } from './values';

type Handler = (platform: Platform, call: Call, body: Body) => SandboxResponse;

/** Unbound actions: facts §11. */
const actions: Record<string, Handler> = {
	WinOpportunity: closing('opportunity', 'OpportunityClose', 'opportunityclose', 'opportunityid', 1),
	LoseOpportunity: closing('opportunity', 'OpportunityClose', 'opportunityclose', 'opportunityid', 2),
	FulfillSalesOrder: closing('salesorder', 'OrderClose', 'orderclose', 'salesorderid', 3),
	CancelSalesOrder: closing('salesorder', 'OrderClose', 'orderclose', 'salesorderid', 2),
	WinQuote: closing('quote', 'QuoteClose', 'quoteclose', 'quoteid', 2),
	CloseQuote: closing('quote', 'QuoteClose', 'quoteclose', 'quoteid', 3),
	ReviseQuote: (platform, call, body) => {
		const { id, row } = sourceRow(platform, 'quote', body.QuoteId);
		if (row.statecode !== 1 && row.statecode !== 3) throw invalidArgument('Only active or closed quotes can be revised.');
		platform.writer.update('quote', id, { statecode: 3, statuscode: 7, [byMessage]: true }, call.session);
		const revision = Number(row.revisionnumber ?? 0) + 1;
		const created = copyDocument(platform, call, 'quote', row, 'quote', { quotenumber: row.quotenumber ?? null });
		platform.writer.touch('quote', created, { revisionnumber: revision }, call.session);
		return shown(platform, call, 'quote', created, body);
	},
	ConvertQuoteToSalesOrder: (platform, call, body) => {
		const { id, row } = sourceRow(platform, 'quote', body.QuoteId);
		const created = copyDocument(platform, call, 'quote', row, 'salesorder', { quoteid: id });
		if (row.statecode === 1) platform.writer.update('quote', id, { statecode: 2, [byMessage]: true }, call.session);
		return shown(platform, call, 'salesorder', created, body);
	},
	ConvertSalesOrderToInvoice: (platform, call, body) => {
		const { id, row } = sourceRow(platform, 'salesorder', body.SalesOrderId);
		return shown(platform, call, 'invoice', copyDocument(platform, call, 'salesorder', row, 'invoice', { salesorderid: id }), body);
	},
	GenerateSalesOrderFromOpportunity: (platform, call, body) => {
		const { id, row } = sourceRow(platform, 'opportunity', body.OpportunityId);
		return shown(platform, call, 'salesorder', copyDocument(platform, call, 'opportunity', row, 'salesorder', { opportunityid: id }), body);
	},
	LockSalesOrderPricing: locking('salesorder', 'SalesOrderId', true),
	UnlockSalesOrderPricing: locking('salesorder', 'SalesOrderId', false),
	LockInvoicePricing: locking('invoice', 'InvoiceId', true),
	UnlockInvoicePricing: locking('invoice', 'InvoiceId', false),
	...optionActions,
};

/** Carries out an unbound action; null when there is none of that name. */
export function handleAction(platform: Platform, call: Call, name: string): SandboxResponse | null {
	const handler = actions[name.replace(/^Microsoft\.Dynamics\.CRM\./, '')];
	if (!handler) return null;
	return platform.db.atomically(() => handler(platform, call, call.body.trim() ? readBody(call, name) : {}));
}

/** Actions bound to a row or to a set. Null when there is none of that name. */
export function handleBoundAction(
	platform: Platform,
	call: Call,
	table: Table,
	id: string | null,
	message: string,
): SandboxResponse | null {
	const name = message.replace(/^Microsoft\.Dynamics\.CRM\./, '');
	// The older reference binds this one to the set; 9.2 is not confirmed, so both are answered.
	if (name === 'FulfillSalesOrder' && table.logicalName === 'salesorder' && id === null) return handleAction(platform, call, name);
	if (table.logicalName !== 'product' || id === null) return null;
	const row = platform.db.row('product', id);
	if (!row) throw rowMissing('product', id);
	if (name === 'PublishProductHierarchy') {
		if (row.statecode !== 2 && row.statecode !== 3)
			throw invalidArgument('Only draft products and products under revision can be published.');
		platform.writer.update('product', id, { statecode: 0, statuscode: 1 }, call.session);
		return noContent();
	}
	if (name === 'RevertProduct') {
		if (row.statecode !== 3) throw invalidArgument('Only products under revision can be reverted.');
		platform.writer.update('product', id, { statecode: 0, statuscode: 1 }, call.session);
		return noContent();
	}
	return null;
}

function closing(tableName: string, parameter: string, activity: string, column: string, state: number): Handler {
	return (platform, call, body) => {
		const table = platform.model.table(tableName);
		const details = body[parameter];
		if (typeof details !== 'object' || details === null) throw invalidArgument(`The required parameter '${parameter}' is missing.`);
		const { values } = readPayload(platform, call, platform.model.table(activity), details as Body);
		const id = values[column];
		if (typeof id !== 'string') throw invalidArgument(`The parameter '${parameter}' needs '${column}@odata.bind'.`);
		if (!platform.db.row(tableName, id)) throw rowMissing(tableName, id);
		platform.demand(call.session, 'Write', tableName);
		const row = platform.db.row(tableName, id)!;
		const from = tableName === 'quote' ? [1] : tableName === 'salesorder' ? [0, 1] : [0];
		if (!from.includes(Number(row.statecode))) {
			throw new DataverseError(400, '0x80048408', `The ${tableName} with Id ${id} cannot be closed from its current state.`);
		}
		const status =
			body.Status === undefined || body.Status === -1 ? table.states!.values[String(state)]!.defaultStatus : Number(body.Status);
		const changes: Changes = { statecode: state, statuscode: status, [byMessage]: true };
		const end = values.actualend ?? platform.writer.now();
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

function locking(table: string, parameter: string, locked: boolean): Handler {
	return (platform, call, body) => {
		const { id } = sourceRow(platform, table, body[parameter]);
		platform.demand(call.session, 'Write', table);
		platform.writer.touch(table, id, { ispricelocked: locked }, call.session);
		return noContent();
	};
}

function sourceRow(platform: Platform, table: string, id: unknown): { id: string; row: Row } {
	if (typeof id !== 'string') throw invalidArgument(`The id of the ${table} is missing.`);
	const row = platform.db.row(table, id.toLowerCase());
	if (!row) throw rowMissing(table, id);
	return { id: id.toLowerCase(), row };
}

const lineTables: Record<string, { table: string; parent: string }> = {
	quote: { table: 'quotedetail', parent: 'quoteid' },
	salesorder: { table: 'salesorderdetail', parent: 'salesorderid' },
	invoice: { table: 'invoicedetail', parent: 'invoiceid' },
};

/** Columns that belong to a row itself and not to what it says. */
const own = /^(createdon|createdby|modifiedon|modifiedby|versionnumber|statecode|statuscode|.*_base|exchangerate|total.*|overriddencreatedon|lastbackofficesubmit)$/; // prettier-ignore

function copyDocument(platform: Platform, call: Call, fromTable: string, row: Row, toTable: string, extra: Changes): string {
	const id = platform.writer.create(toTable, { ...copied(platform, row, fromTable, toTable), ...extra }, call.session);
	const from = lineTables[fromTable];
	const to = lineTables[toTable]!;
	if (!from) return id;
	for (const lineId of platform.db.store(from.table).having(from.parent, row[platform.model.table(fromTable).primaryId]!)) {
		const line = copied(platform, platform.db.row(from.table, lineId)!, from.table, to.table);
		platform.writer.create(to.table, { ...line, [to.parent]: id }, call.session);
	}
	return id;
}

function copied(platform: Platform, row: Row, fromTable: string, toTable: string): Changes {
	const from = platform.model.table(fromTable);
	const to = platform.model.table(toTable);
	const values: Changes = {};
	for (const [name, value] of Object.entries(row)) {
		const column = to.columns.get(name);
		if (own.test(name) || name === from.primaryId || name === to.primaryId || !from.columns.has(name)) {
			if (!name.endsWith('type') || !to.columns.has(name.slice(0, -4))) continue;
		}
		if (column || name.endsWith('type')) values[name] = value;
	}
	return values;
}

function shown(platform: Platform, call: Call, tableName: string, id: string, body: Body): SandboxResponse {
	const table = platform.model.table(tableName);
	const set = body.ColumnSet as { AllColumns?: boolean; Columns?: string[] } | undefined;
	const select =
		set && !set.AllColumns && set.Columns
			? set.Columns.map((name) => table.columns.get(name)).filter((column) => column !== undefined)
			: null;
	const row = platform.db.row(tableName, id)!;
	const json = new RowView(platform, table, select, call.prefer.annotations).show(row);
	return jsonAnswer(200, { '@odata.context': contextUrl(call, table, select, true), ...json }, { etag: etagOf(row) });
}
