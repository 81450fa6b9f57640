import type { SandboxResponse } from '../../core/http';
import { jsonAnswer } from '../answers';
import type { Call } from '../call';
import { unknownProperty } from '../errors';
import type { Body } from '../payload';
import type { Platform } from '../platform';
import { contextUrl, etagOf, RowView } from '../rowView';
import type { Changes, Row } from '../values';

/** Line table of a document and the lookup to it. */
export const lineTables: Record<string, { table: string; parent: string }> = {
	opportunity: { table: 'opportunityproduct', parent: 'opportunityid' },
	quote: { table: 'quotedetail', parent: 'quoteid' },
	salesorder: { table: 'salesorderdetail', parent: 'salesorderid' },
	invoice: { table: 'invoicedetail', parent: 'invoiceid' },
};

/** Columns that belong to a row itself and not to what it says. */
const own = /^(createdon|createdby|modifiedon|modifiedby|versionnumber|statecode|statuscode|.*_base|exchangerate|total.*|overriddencreatedon|lastbackofficesubmit)$/; // prettier-ignore

/** A new document with what another one says, lines included. Returns its id. */
export function copyDocument(platform: Platform, call: Call, from: { table: string; row: Row }, toTable: string, extra: Changes): string {
	const id = platform.writer.create(toTable, { ...copied(platform, from.row, from.table, toTable), ...extra }, call.session);
	copyLines(platform, call, from, { table: toTable, id });
	return id;
}

/** Adds the lines of one document to another. */
export function copyLines(platform: Platform, call: Call, from: { table: string; row: Row }, to: { table: string; id: string }): void {
	const source = lineTables[from.table];
	const target = lineTables[to.table]!;
	if (!source) return;
	const ids = platform.db.store(source.table).having(source.parent, from.row[platform.model.table(from.table).primaryId]!);
	for (const lineId of [...ids]) {
		const line = copied(platform, platform.db.row(source.table, lineId)!, source.table, target.table);
		platform.writer.create(target.table, { ...line, [target.parent]: to.id }, call.session);
	}
}

/** The columns of a row that another table has too. */
export function copied(platform: Platform, row: Row, fromTable: string, toTable: string): Changes {
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

/** The answer of messages that return a row, with the columns of `ColumnSet`. Throws 400 for a column the table does not have. */
export function shown(platform: Platform, call: Call, named: { table: string; id: string }, body: Body): SandboxResponse {
	const table = platform.model.table(named.table);
	const set = body.ColumnSet as { AllColumns?: boolean; Columns?: string[] } | undefined;
	const select =
		set && !set.AllColumns && set.Columns
			? set.Columns.map((name) => {
					const column = table.columns.get(name);
					if (!column || column.hidden) throw unknownProperty(name, table.logicalName);
					return column;
				})
			: null;
	const row = platform.db.row(named.table, named.id)!;
	const view = new RowView(platform, table, select, call.prefer.annotations, platform.hiddenColumns(call.session, table));
	return jsonAnswer(200, { '@odata.context': contextUrl(call, table, select, true), ...view.show(row) }, { etag: etagOf(row) });
}
