import { DataverseError } from '../errors';
import type { Column, Table } from '../model';
import type { JsonRow } from '../rowView';
import { rounded, type Row, type Value } from '../values';
import { comparable } from './operators';
import { plain } from './parse';
import type { Level, Ordering, Output, Query } from './query';
import { keyOf, type Combination, type Finder } from './run';

/** A row of the answer before it is shown: values by output, and the row of the table itself where there is one. */
export interface ResultRow {
	values: Map<Output, Value>;
	row: Row | null;
	combination: Combination | null;
	/** What it is ordered by. */
	keys: Array<string | number | boolean | null>;
	id: string;
}

export function tableOf(query: Query, link: string | null): Table {
	if (link === null) return query.table;
	const search = (level: Level): Table | null => {
		for (const each of level.links) {
			const found = each.alias === link ? each.table : search(each);
			if (found) return found;
		}
		return null;
	};
	return search(query)!;
}

/** Columns of the answer: those asked for, and the primary id unless rows are made distinct. */
export function outputsOf(query: Query): Output[] {
	if (query.aggregate) return query.outputs;
	const all = query.allColumns ? [...query.table.properties.values()].map((column) => plain(column, null)) : [];
	const outputs = [...all, ...query.outputs.filter((output) => output.link !== null || !query.allColumns || output.aliased)];
	const money = outputs.some(({ column, link }) => link === null && column.type === 'Money');
	const currency = query.table.columns.get('transactioncurrencyid');
	const id = query.table.columns.get(query.table.primaryId)!;
	const has = (column: Column) => outputs.some((output) => output.link === null && output.column === column && !output.aliased);
	if (money && currency && !has(currency)) outputs.push(plain(currency, null));
	if (!query.distinct && !has(id)) outputs.push(plain(id, null));
	return outputs;
}

/** Orders, groups and thins out what was found. */
export function resultsOf(query: Query, finder: Finder, combinations: Combination[], outputs: Output[]): ResultRow[] {
	const rows = query.aggregate
		? grouped(query, finder, combinations, outputs)
		: combinations.map((each) => single(query, finder, each, outputs));
	const kept = query.distinct ? distinct(rows, outputs) : rows;
	const { orders } = query;
	return kept.sort((a, b) => compare(a, b, orders));
}

function single(query: Query, finder: Finder, combination: Combination, outputs: Output[]): ResultRow {
	const read = (column: Column, link: string | null): Value => finder.value(tableOf(query, link), column, combination.get(keyOf(link)));
	const row = combination.get('')!;
	return {
		values: new Map(outputs.map((output) => [output, present(output, combination) ? read(output.column, output.link) : null])),
		row,
		combination,
		keys: query.orders.map(({ column, link }) => comparable(column!, combination.get(keyOf(link)) ? read(column!, link) : null)),
		id: String(row[query.table.primaryId]),
	};
}

const present = ({ link }: Output, combination: Combination): boolean => Boolean(combination.get(keyOf(link)));

function distinct(rows: ResultRow[], outputs: Output[]): ResultRow[] {
	const seen = new Set<string>();
	return rows.filter(({ values }) => {
		const key = JSON.stringify(outputs.map((output) => values.get(output)));
		return !seen.has(key) && seen.add(key);
	});
}

/** Nulls come first, as in SQL; equal rows by their id. */
export function compare(a: Pick<ResultRow, 'keys' | 'id'>, b: Pick<ResultRow, 'keys' | 'id'>, orders: Ordering[]): number {
	for (const [at, { descending }] of orders.entries()) {
		const [left, right] = [a.keys[at] ?? null, b.keys[at] ?? null];
		if (left === right) continue;
		const less = left === null || (right !== null && left < right);
		return less === descending ? 1 : -1;
	}
	return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function grouped(query: Query, finder: Finder, combinations: Combination[], outputs: Output[]): ResultRow[] {
	const groups = new Map<string, Combination[]>();
	const by = outputs.filter(({ groupBy }) => groupBy);
	const read = (output: Output, each: Combination): Value =>
		each.get(keyOf(output.link)) ? finder.value(tableOf(query, output.link), output.column, each.get(keyOf(output.link))) : null;
	for (const each of combinations) {
		const key = JSON.stringify(by.map((output) => part(output, read(output, each))));
		groups.set(key, [...(groups.get(key) ?? []), each]);
	}
	// Without groups there is one row, whatever was found.
	if (by.length === 0 && groups.size === 0) groups.set('', []);
	return [...groups].map(([key, members]) => {
		const values = new Map(outputs.map((output): [Output, Value] => [output, output.groupBy ? part(output, read(output, members[0]!)) : total(output, members.map((each) => read(output, each)))])); // prettier-ignore
		const keys = query.orders.map(({ alias }) => {
			const value = [...values].find(([output]) => output.name === alias)?.[1] ?? null;
			return typeof value === 'string' ? value.toLowerCase() : value;
		});
		return { values, row: null, combination: null, keys, id: key };
	});
}

/** The part of a date a group goes by. */
function part({ dateGrouping }: Output, value: Value): Value {
	if (value === null || dateGrouping === null) return value;
	const date = new Date(String(value));
	switch (dateGrouping) {
		case 'day':
			return date.getUTCDate();
		case 'month':
			return date.getUTCMonth() + 1;
		case 'quarter':
			return Math.floor(date.getUTCMonth() / 3) + 1;
		case 'year':
			return date.getUTCFullYear();
		default: {
			const first = new Date(Date.UTC(date.getUTCFullYear(), 0, 1));
			return Math.floor(((date.getTime() - first.getTime()) / 86_400_000 + first.getUTCDay()) / 7) + 1;
		}
	}
}

function total({ aggregate, distinct: unique, column }: Output, values: Value[]): Value {
	if (aggregate === 'count') return values.length;
	const given = values.filter((value) => value !== null);
	const counted = unique ? [...new Set(given.map((value) => String(value).toLowerCase()))] : given;
	if (aggregate === 'countcolumn') return counted.length;
	if (given.length === 0) return null;
	if (aggregate === 'min' || aggregate === 'max') {
		return given.reduce((best, value) => ((aggregate === 'min' ? value < best : value > best) ? value : best));
	}
	const sum = given.reduce<number>((all, value) => all + Number(value), 0);
	if (aggregate === 'sum') return rounded(sum, 10);
	// The average of whole numbers is a whole number, as in SQL.
	const average = sum / given.length;
	return column.type === 'Integer' ? Math.trunc(average) : rounded(average, 10);
}

/** The values of one result as JSON, without what is null. */
export function jsonOf(result: ResultRow, show: (output: Output, value: Value, json: JsonRow) => void): JsonRow {
	const json: JsonRow = {};
	for (const [output, value] of result.values) if (value !== null) show(output, value, json);
	return json;
}

export const pagingExhausted = () =>
	new DataverseError(400, '0x80040224', 'Paging by page number cannot go beyond 50,000 records. Use the paging cookie.');
