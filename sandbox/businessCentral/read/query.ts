import { compileFilter, type FilterNode } from '../../odata/filter';
import type { CompanyData } from '../data/companyData';
import type { Row, Value } from '../data/row';
import { compareText } from '../data/sortedKeys';
import { shows, type Property, type View } from '../model/view';
import { hasOwnStamps, indexed, stampRange } from './candidates';
import { reader } from './values';

export interface Order {
	property: Property;
	descending: boolean;
}

/** Where the page before ended: the values it was sorted by and the primary key of its last row. */
export interface Position {
	values: Value[];
	key: string;
}

export interface Query {
	view: View;
	company: CompanyData;
	filter: FilterNode | null;
	order: readonly Order[];
	after: Position | null;
	skip: number;
	limit: number;
	/** Rows instead of the table's, for entities that BC builds in memory. */
	rows?: readonly Row[];
}

export interface Result {
	rows: Row[];
	/** Set when there are more. */
	next: Position | null;
}

/** Reads one page. Rows come in the asked order, then by primary key. Uses the indexes by id, key, stamp or value where the filter allows. */
export function run(query: Query): Result {
	const { skip, limit } = query;
	const rows: Row[] = [];
	let skipped = 0;
	for (const row of selected(query)) {
		if (skipped < skip) {
			skipped++;
			continue;
		}
		if (rows.length === limit) return { rows, next: positionOf(query, rows.at(-1)!) };
		rows.push(row);
	}
	return { rows, next: null };
}

/** Number of rows the filter selects. */
export function count(query: Pick<Query, 'view' | 'company' | 'filter' | 'rows'>): number {
	let found = 0;
	for (const _row of selected({ ...query, order: [], after: null, skip: 0, limit: Infinity }, true)) found++;
	return found;
}

function* selected(query: Query, anyOrder = false): Generator<Row> {
	const { view, company, filter, order, after } = query;
	const table = company.table(view.table);
	const passes = test(query);
	const byStamp = order.length === 1 && order[0]!.property.field === 'SystemModifiedAt' && !order[0]!.descending;
	const stampFirst = byStamp && !hasOwnStamps(view);
	const range = stampRange(filter, view);
	const candidates = query.rows ?? (filter && indexed(filter, view, company));
	if (!candidates && (stampFirst || (anyOrder && range.from > -Infinity))) {
		const start = after ? Date.parse(String(after.values[0])) : range.from;
		for (const row of table.inStampOrder(Math.max(start, range.from), after && start >= range.from ? after.key : '')) {
			if (row.modifiedAt > range.to) return;
			if (after && row.modifiedAt === start && table.keyOf(row) <= after.key) continue;
			if (passes(row)) yield row;
		}
		return;
	}
	if (!candidates && order.length === 0 && (range.from === -Infinity || anyOrder)) {
		for (const row of table.inKeyOrder(after?.key ?? '')) {
			if (after && table.keyOf(row) <= after.key) continue;
			if (passes(row)) yield row;
		}
		return;
	}
	const source = candidates ?? (range.from > -Infinity ? table.inStampOrder(range.from) : table.rows());
	const found: Array<{ row: Row; at: Position }> = [];
	for (const row of source) if (passes(row)) found.push({ row, at: positionOf(query, row) });
	found.sort((a, b) => compare(query, a.at, b.at));
	for (const { row, at } of found) if (!after || compare(query, at, after) > 0) yield row;
}

function test({ view, company, filter }: Query): (row: Row) => boolean {
	const constant = Object.keys(view.constants).length > 0;
	if (!filter) return constant ? (row) => shows(view, row) : () => true;
	const readers = new Map<string, (row: Row) => Value>();
	const passes = compileFilter<Row>(filter, (row, path) => {
		const name = path[0]!;
		let read = readers.get(name);
		if (!read) {
			const property = view.byName.get(name)!;
			const value = reader(view, property);
			readers.set(name, (read = (each) => value(each, company)));
		}
		return read(row);
	});
	return constant ? (row) => shows(view, row) && passes(row) : passes;
}

function positionOf({ view, company, order }: Query, row: Row): Position {
	return { values: order.map(({ property }) => reader(view, property)(row, company)), key: company.table(view.table).keyOf(row) };
}

function compare({ order }: Query, a: Position, b: Position): number {
	for (let index = 0; index < order.length; index++) {
		const [left, right] = [a.values[index]!, b.values[index]!];
		const sign = typeof left === 'string' && typeof right === 'string' ? compareText(left, right) : Number(left) - Number(right);
		if (sign !== 0) return order[index]!.descending ? -sign : sign;
	}
	return compareText(a.key, b.key);
}
