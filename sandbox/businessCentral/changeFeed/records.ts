import type { CompanyData } from '../data/companyData';
import type { Row } from '../data/row';
import type { ChangeIndex, FeedField, FeedTable } from './objects';
import { formatField, formatGuid, formatStamp, sqlOrder } from './values';

interface Cursor {
	modifiedAt: number;
	/** Lower case; null where the cursor names none. */
	systemId: string | null;
}

/** What `GetRecords` answers beside the table. */
export interface RecordsAnswer {
	indexed?: false;
	nextCursor?: { modifiedAt: string; systemId?: string };
	records: unknown[];
	hasMore: boolean;
}

/** Rows of one answer where the table has no complete key for changes. */
const MOST_WITHOUT_KEY = 10_000;

const shown = (row: Row, fields: readonly FeedField[]): unknown => ({
	systemId: formatGuid(row.id),
	systemModifiedAt: formatStamp(row.modifiedAt),
	fields: Object.fromEntries(fields.map((field) => [String(field.no), formatField(row, field)])),
});

export function byIds(company: CompanyData, table: FeedTable, fields: readonly FeedField[], ids: readonly unknown[]): RecordsAnswer {
	const wanted = ids.flatMap((id) => (typeof id === 'string' ? [id.replace(/[{}]/g, '').toLowerCase()] : []));
	const rows = [...new Set(wanted)].flatMap((id) => company.table(table.name).get(id) ?? []);
	return { records: rows.map((row) => shown(row, fields)), hasMore: false };
}

/** `1..1000`, and 100 for nothing. */
export const pageSizeOf = (asked: number): number => (asked <= 0 ? 100 : Math.min(asked, 1000));

/** `{"modifiedAt": …, "systemId": …}`; anything else begins from the start. */
export function cursorOf(selector: Record<string, unknown>): Cursor | null {
	const { modifiedAt, systemId } = selector;
	const at = typeof modifiedAt === 'string' ? Date.parse(modifiedAt) : NaN;
	if (Number.isNaN(at)) return null;
	return { modifiedAt: at, systemId: typeof systemId === 'string' ? systemId.replace(/[{}]/g, '').toLowerCase() : null };
}

interface Wanted {
	table: FeedTable;
	index: ChangeIndex;
	fields: readonly FeedField[];
	cursor: Cursor | null;
	pageSize: number;
}

export function page(company: CompanyData, { table, index, fields, cursor, pageSize }: Wanted): RecordsAnswer {
	const all = [...company.table(table.name).rows()];
	if (index === 'composite') return byCompleteKey(all, fields, cursor, pageSize);
	const later = all.filter(({ modifiedAt }) => cursor === null || modifiedAt > cursor.modifiedAt);
	if (index === 'none') {
		if (later.length > MOST_WITHOUT_KEY) return { indexed: false, records: [], hasMore: false };
		return answered(later, fields, false, (rows) => ({ modifiedAt: formatStamp(Math.max(...rows.map(({ modifiedAt }) => modifiedAt))) }));
	}
	later.sort((one, other) => one.modifiedAt - other.modifiedAt);
	// Rows of one moment stay together, so that the cursor can move on by the moment alone.
	let end = Math.min(pageSize, later.length);
	while (end > 0 && end < later.length && later[end]!.modifiedAt === later[end - 1]!.modifiedAt) end++;
	if (end > MOST_WITHOUT_KEY) return { indexed: false, records: [], hasMore: false };
	return answered(later.slice(0, end), fields, end < later.length, (rows) => ({ modifiedAt: formatStamp(rows.at(-1)!.modifiedAt) }));
}

function byCompleteKey(all: readonly Row[], fields: readonly FeedField[], cursor: Cursor | null, pageSize: number): RecordsAnswer {
	const from = cursor && sqlOrder(cursor.systemId ?? '00000000-0000-0000-0000-000000000000');
	const left = all
		.map((row) => ({ row, order: sqlOrder(row.id) }))
		.filter(
			({ row, order }) => cursor === null || row.modifiedAt > cursor.modifiedAt || (row.modifiedAt === cursor.modifiedAt && order > from!),
		)
		.sort((one, other) => one.row.modifiedAt - other.row.modifiedAt || (one.order < other.order ? -1 : 1))
		.map(({ row }) => row);
	return answered(left.slice(0, pageSize), fields, left.length > pageSize, (rows) => {
		const { modifiedAt, id } = rows.at(-1)!;
		return { modifiedAt: formatStamp(modifiedAt), systemId: formatGuid(id) };
	});
}

function answered(
	rows: readonly Row[],
	fields: readonly FeedField[],
	hasMore: boolean,
	cursor: (rows: readonly Row[]) => NonNullable<RecordsAnswer['nextCursor']>,
): RecordsAnswer {
	return { ...(rows.length > 0 ? { nextCursor: cursor(rows) } : {}), records: rows.map((row) => shown(row, fields)), hasMore };
}
