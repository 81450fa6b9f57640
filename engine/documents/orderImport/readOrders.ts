import { COMPANY_COLUMN } from '../../model/companyColumn';
import type { FieldName, SystemRecord } from '../../model/record';
import type { SyncSession } from '../../ports/session';
import { inOrder, type SalesDocument, type SalesLine, toDocument, toLine } from '../kernel/salesDocument';
import { CRM_LINES, CRM_ORDERS, HAND_OVER, LINE_OF_ORDER, orderColumns, orderLineColumns } from './tables';

/** An order of CRM with its lines, and the row it was read from. */
export interface ReadOrder {
	row: SystemRecord;
	order: SalesDocument;
	/** In order. */
	lines: readonly SalesLine[];
}

/** Which columns orders are read with. */
export interface OrderColumns {
	/** Rows carry the company they belong to. */
	companies: boolean;
	/** Further columns, for instance that of the account that pays. */
	more: readonly FieldName[];
}

/** Orders with all their lines: two requests for up to some hundred orders. Ids that are not in the answer do not exist. */
export async function readOrders(
	{ crm }: SyncSession,
	ids: readonly string[],
	{ companies, more }: OrderColumns,
): Promise<Map<string, ReadOrder>> {
	if (ids.length === 0) return new Map();
	const rows = await crm.readByIds(CRM_ORDERS, ids, orderColumns(companies, more));
	const lineRows = await crm.readByValues(CRM_LINES, LINE_OF_ORDER, [...rows.keys()], orderLineColumns);
	const byOrder = new Map<string, SalesLine[]>();
	for (const line of lineRows.map((row) => toLine(row, LINE_OF_ORDER))) {
		const known = byOrder.get(line.documentId);
		if (known) known.push(line);
		else byOrder.set(line.documentId, [line]);
	}
	const columns = { handOver: HAND_OVER, ...(companies ? { company: COMPANY_COLUMN } : {}) };
	// In the order asked for, which is that of their age.
	const found = [...new Set(ids)].flatMap((id) => rows.get(id) ?? []);
	return new Map(found.map((row) => [row.id, { row, order: toDocument(row, columns), lines: inOrder(byOrder.get(row.id) ?? []) }]));
}

const NOT_YET = '(lastbackofficesubmit ge 1900-01-01T00:00:00Z and lastbackofficesubmit lt 1900-01-02T00:00:00Z)';

/**
 * Submitted, not handed over (no date, or the mark for "not yet"), of this company or of none. OData.
 * @param companyRowId null where rows carry no company
 */
export const eligibleFilter = (companyRowId: string | null): string =>
	[
		'statecode eq 1',
		`(lastbackofficesubmit eq null or ${NOT_YET})`,
		...(companyRowId === null ? [] : [`(_${COMPANY_COLUMN}_value eq ${companyRowId} or _${COMPANY_COLUMN}_value eq null)`]),
	].join(' and ');
