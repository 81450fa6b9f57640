import { splitTop } from '../../odata/query';
import type { Call } from '../call';
import { DataverseError, queryOption } from '../errors';
import type { Table } from '../model';
import type { Platform } from '../platform';
import type { JsonRow } from '../rowView';
import { columnValue, type Row } from '../values';
import { columnAt, readFilter } from './filter';

/** More than this many rows cannot be aggregated. */
const aggregateLimit = 50_000;

interface Aggregate {
	column: string | null;
	method: string;
	alias: string;
}

/** `$apply` with filter, groupby and aggregate (sum, min, max, average, countdistinct, $count). */
export function aggregate(platform: Platform, call: Call, table: Table): JsonRow {
	platform.demand(call.session, 'Read', table.logicalName);
	const readable = platform.readable(call.session, table.logicalName);
	let rows: Row[] = [...platform.db.store(table.logicalName).rows.values()].filter((row) => readable?.(row) ?? true);
	let value: JsonRow[] | null = null;
	for (const step of splitTop(call.query.apply!, '/')) {
		const match = /^(filter|groupby|aggregate)\((.*)\)$/s.exec(step);
		if (!match || value) throw queryOption(`The $apply step '${step}' is not supported.`);
		if (match[1] === 'filter') {
			const filter = readFilter(platform, table, match[2]!, call.query.aliases, call.session);
			rows = rows.filter((row) => filter.test(row));
		} else if (rows.length > aggregateLimit)
			throw new DataverseError(400, '0x8004e023', 'The maximum record limit is exceeded. Reduce the number of records.');
		else value = match[1] === 'groupby' ? grouped(platform, table, rows, match[2]!) : [totals(platform, table, rows, match[2]!)];
	}
	return { '@odata.context': `${call.root}$metadata#${table.entitySetName}`, value: value ?? [] };
}

function grouped(platform: Platform, table: Table, rows: Row[], text: string): JsonRow[] {
	const [columns, inner] = splitTop(text, ',');
	const names = splitTop(columns!.replace(/^\(|\)$/g, ''), ',');
	const read = names.map((name) => columnAt(platform, table, [name]));
	const groups = new Map<string, Row[]>();
	for (const row of rows) {
		const key = JSON.stringify(read.map((column) => columnValue(column, row)));
		groups.set(key, [...(groups.get(key) ?? []), row]);
	}
	const step = inner === undefined ? null : /^aggregate\((.*)\)$/s.exec(inner);
	if (inner !== undefined && !step) throw queryOption(`The $apply step '${inner}' is not supported.`);
	return [...groups.values()].map((members) => ({
		...Object.fromEntries(names.map((name, at) => [name, columnValue(read[at]!, members[0]!)])),
		...(step && totals(platform, table, members, step[1]!)),
	}));
}

function totals(platform: Platform, table: Table, rows: Row[], text: string): JsonRow {
	const json: JsonRow = {};
	for (const { column, method, alias } of splitTop(text, ',').map(parse)) {
		if (column === null) json[alias] = rows.length;
		else {
			const found = columnAt(platform, table, [column]);
			json[alias] = reduced(method, rows.map((row) => columnValue(found, row)).filter((value) => value !== null)); // prettier-ignore
		}
	}
	return json;
}

function parse(text: string): Aggregate {
	const count = /^\$count\s+as\s+(\w+)$/.exec(text);
	if (count) return { column: null, method: 'count', alias: count[1]! };
	const match = /^(\w+)\s+with\s+(sum|min|max|average|countdistinct)\s+as\s+(\w+)$/.exec(text);
	if (!match) throw queryOption(`The aggregate '${text}' is not supported.`);
	return { column: match[1]!, method: match[2]!, alias: match[3]! };
}

function reduced(method: string, values: Array<string | number | boolean>): unknown {
	if (method === 'countdistinct') return new Set(values).size;
	if (values.length === 0) return null;
	if (method === 'min' || method === 'max')
		return values.reduce((best, value) => ((method === 'min' ? value < best : value > best) ? value : best));
	const sum = values.reduce<number>((total, value) => total + Number(value), 0);
	return method === 'sum' ? sum : sum / values.length;
}
