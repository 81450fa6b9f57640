import type { QueryOptions } from '../../odata/query';
import type { Column, Table } from '../model';
import type { Platform } from '../platform';
import { columnValue, type Row, type Value } from '../values';
import { columnAt, type CompiledFilter } from './filter';
import { planFor } from './plan';

export interface Order {
	/** Reads the value to order by; text in lower case. */
	read: (row: Row) => Value;
	column: Column;
	path: string[];
	descending: boolean;
}

/** Where a page ended: the order values and id of its last row. */
export interface Cursor {
	values: Value[];
	id: string;
}

export interface Found {
	rows: Row[];
	/** Where the next page starts; null: this was the last. */
	next: Cursor | null;
	/** Matching rows, at most 5,001, when asked for. */
	count: number | null;
}

export interface Selection {
	filter: CompiledFilter | null;
	order: Order[];
	/** Rows of a page. */
	limit: number;
	/** Whether a page may follow. */
	paged: boolean;
	after: Cursor | null;
	count: boolean;
	/** Only these rows, e.g. those behind a navigation property. */
	within?: ReadonlySet<string> | null;
	/** Only rows the session may read. */
	readable?: ((row: Row) => boolean) | null;
}

const countLimit = 5000;

export function readOrder(platform: Platform, table: Table, options: QueryOptions): Order[] {
	return (options.orderby ?? []).map(({ path, descending }) => {
		const column = columnAt(platform, table, path);
		return { column, path, descending, read: reader(platform, table, path, column) };
	});
}

function reader(platform: Platform, table: Table, path: string[], column: Column): (row: Row) => Value {
	const folded = (row: Row): Value => {
		const value = columnValue(column, row);
		return typeof value === 'string' && column.type !== 'DateTime' ? value.toLowerCase() : value;
	};
	if (path.length === 1) return folded;
	return (row) => {
		let current: Row | undefined = row;
		let from = table;
		for (const name of path.slice(0, -1)) {
			const single = from.navigation.get(name)!;
			from = platform.model.table(single.targets[0]!);
			current = platform.db.row(from.logicalName, String(current[single.column.logicalName]));
			if (!current) return null;
		}
		return folded(current);
	};
}

/** Finds rows page by page. Order is completed by the id, so that it is the same in every run. */
export function find(platform: Platform, table: Table, selection: Selection): Found {
	const store = platform.db.store(table.logicalName);
	const { filter, order, after } = selection;
	const plan = planFor(platform, table, filter?.node ?? null);
	const ids = narrower(plan.ids, selection.within ?? null);
	const byStamp = order.length > 0 && order[0]!.path.join() === 'modifiedon' && !order[0]!.descending && onlyId(order.slice(1), table);
	// The total covers pages already read too.
	if (selection.count && after) return { ...find(platform, table, { ...selection, count: false }), count: find(platform, table, { ...selection, after: null }).count }; // prettier-ignore
	if (!ids && byStamp) {
		const from = after ? String(after.values[0]) : (plan.stampFrom ?? '');
		return stream(selection, table, store.inStampOrder(from, after?.id));
	}
	if (!ids && plan.stampFrom === null && onlyId(order, table)) return stream(selection, table, store.inIdOrder(after?.id));
	const source = ids ? existing(ids, store.rows) : plan.stampFrom !== null ? store.inStampOrder(plan.stampFrom) : store.rows.values();
	const rows: Array<{ row: Row; key: Cursor }> = [];
	for (const row of source) if (passes(selection, table, row)) rows.push({ row, key: keyOf(row, order, table) });
	rows.sort((a, b) => compareKeys(a.key, b.key, order));
	const rest = after ? rows.filter(({ key }) => compareKeys(key, after, order) > 0) : rows;
	const page = rest.slice(0, selection.limit);
	const more = selection.paged && rest.length > page.length;
	return {
		rows: page.map(({ row }) => row),
		next: more ? page.at(-1)!.key : null,
		count: selection.count ? Math.min(rows.length, countLimit + 1) : null,
	};
}

function stream(selection: Selection, table: Table, source: Iterable<Row>): Found {
	const rows: Row[] = [];
	let count = 0;
	let more = false;
	for (const row of source) {
		if (!passes(selection, table, row)) continue;
		count++;
		if (rows.length < selection.limit) rows.push(row);
		else more = true;
		if (more && (!selection.count || count > countLimit)) break;
	}
	const next = selection.paged && more ? keyOf(rows.at(-1)!, selection.order, table) : null;
	return { rows, next, count: selection.count ? Math.min(count, countLimit + 1) : null };
}

function passes(selection: Selection, table: Table, row: Row): boolean {
	if (selection.within && !selection.within.has(String(row[table.primaryId]))) return false;
	if (selection.readable && !selection.readable(row)) return false;
	return selection.filter ? selection.filter.test(row) : true;
}

function onlyId(order: Order[], table: Table): boolean {
	return order.length === 0 || (order.length === 1 && order[0]!.path.join() === table.primaryId && !order[0]!.descending);
}

function narrower(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): ReadonlySet<string> | null {
	if (!a || !b) return a ?? b;
	return a.size <= b.size ? a : b;
}

function* existing(ids: ReadonlySet<string>, rows: ReadonlyMap<string, Row>): Generator<Row> {
	for (const id of ids) {
		const row = rows.get(id);
		if (row) yield row;
	}
}

function keyOf(row: Row, order: Order[], table: Table): Cursor {
	return { values: order.map(({ read }) => read(row)), id: String(row[table.primaryId]) };
}

/** Nulls come first, as in SQL. */
function compareKeys(a: Cursor, b: Cursor, order: Order[]): number {
	for (let at = 0; at < order.length; at++) {
		const [left, right] = [a.values[at] ?? null, b.values[at] ?? null];
		if (left === right) continue;
		const less = left === null || (right !== null && left < right);
		return less === order[at]!.descending ? 1 : -1;
	}
	return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
