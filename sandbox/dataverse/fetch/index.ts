import type { Call } from '../call';
import { DataverseError } from '../errors';
import type { Table } from '../model';
import type { Platform } from '../platform';
import { etagOf, formattedValue, targetTable, wanted, type JsonRow } from '../rowView';
import { typeKey } from '../model';
import { wireValue, type Row, type Value } from '../values';
import { cookieFits, cookieOf, placeOf } from './pages';
import { parseFetch } from './parse';
import type { Output, Query } from './query';
import { parseSql } from './sql';
import { readSkipToken, skipToken, withOption } from '../query/pages';
import { compare, jsonOf, outputsOf, pagingExhausted, resultsOf, type ResultRow } from './results';
import { Finder, keyOf, simplePagingLimit, type Combination } from './run';

const largestPage = 5000;
const moreRows = Symbol('more rows');

/** `?fetchXml=`, `?savedQuery=` and `?userQuery=` on a set. Values that are null do not appear. */
export function runFetch(platform: Platform, call: Call, table: Table, text: string): JsonRow {
	return answer(platform, call, parseFetch(platform, table, text));
}

/** `?sql=`: one SELECT, paged by next links. */
export function runSql(platform: Platform, call: Call, table: Table): JsonRow {
	const query = parseSql(platform, table, call.query.other.get('sql')!);
	const page = call.query.skiptoken === undefined ? 1 : readSkipToken(call.query.skiptoken).page;
	const json = answer(platform, call, { ...query, count: call.prefer.maxPageSize ?? largestPage, page });
	if (!(json as Record<symbol, unknown>)[moreRows]) return json;
	json['@odata.nextLink'] = `${call.address}?${withOption(call.rawQuery, '$skiptoken', skipToken(page + 1, null, false))}`;
	return json;
}

/** A view that administrators (`savedquery`) or users (`userquery`) saved. */
export function savedFetch(platform: Platform, kind: 'savedquery' | 'userquery', id: string): string {
	const text = platform.db.row(kind, id.toLowerCase())?.fetchxml;
	if (typeof text !== 'string') throw new DataverseError(404, '0x80040217', `${kind} With Id = ${id} Does Not Exist`);
	return text;
}

export function answer(platform: Platform, call: Call, query: Query): JsonRow {
	const finder = new Finder(platform, call.session);
	const combinations = finder.find(query);
	const outputs = outputsOf(query);
	const results = resultsOf(query, finder, combinations, outputs);
	const { page, more } = pageOf(query, results, call.prefer.maxPageSize);
	const view = new View(platform, call, query);
	const names = outputs.map(({ name }) => name).join(',');
	const json: JsonRow = { '@odata.context': `${call.root}$metadata#${query.table.entitySetName}(${names})` };
	const { annotations } = call.prefer;
	if (call.query.count || query.totalCount) {
		const most = Math.min(results.length, largestPage);
		if (call.query.count) json['@odata.count'] = most;
		if (wanted(annotations, 'Microsoft.Dynamics.CRM.totalrecordcount')) json['@Microsoft.Dynamics.CRM.totalrecordcount'] = most;
		if (wanted(annotations, 'Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded')) {
			json['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'] = results.length > largestPage;
		}
	}
	if (more && page.length && cookieFits(query) && wanted(annotations, 'Microsoft.Dynamics.CRM.fetchxmlpagingcookie')) {
		json['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie'] = cookieOf(query, page);
	}
	if (wanted(annotations, 'Microsoft.Dynamics.CRM.morerecords')) json['@Microsoft.Dynamics.CRM.morerecords'] = more;
	json.value = page.map((result) => view.show(result));
	// For callers only; it is no part of the answer.
	Object.defineProperty(json, moreRows, { value: more });
	return json;
}

function pageOf(query: Query, results: ResultRow[], asked: number | null): { page: ResultRow[]; more: boolean } {
	if (query.top !== null) return { page: results.slice(0, query.top), more: false };
	const size = query.count ?? asked ?? largestPage;
	if (query.cookie !== null && cookieFits(query)) {
		const place = placeOf(query, query.cookie);
		const rest = results.filter((result) => compare(result, place, query.orders) > 0);
		return { page: rest.slice(0, size), more: rest.length > size };
	}
	const from = (query.page - 1) * size;
	if (from >= simplePagingLimit) throw pagingExhausted();
	return { page: results.slice(from, from + size), more: results.length > from + size };
}

/** Shows results with the annotations asked for. */
class View {
	constructor(
		private readonly platform: Platform,
		private readonly call: Call,
		private readonly query: Query,
	) {}

	show(result: ResultRow): JsonRow {
		const values = jsonOf(result, (output, value, json) => this.one(result.combination, output, value, json));
		return result.row && !this.query.distinct ? { '@odata.etag': etagOf(result.row), ...values } : values;
	}

	private one(combination: Combination | null, output: Output, value: Value, json: JsonRow): void {
		const { column, name, aliased, aggregate, dateGrouping } = output;
		const { annotations } = this.call.prefer;
		const computed = aggregate === 'count' || aggregate === 'countcolumn' || dateGrouping !== null;
		if (aliased && wanted(annotations, 'OData.Community.Display.V1.AttributeName'))
			json[`${name}@OData.Community.Display.V1.AttributeName`] = column.logicalName;
		if (!computed) {
			const source = this.source(output, combination, value);
			const target = column.isLookup ? targetTable(column, source) : null;
			const wire = wireValue(column, value);
			const text = wire === null ? null : formattedValue(this.platform, column, source, wire, target);
			if (text !== null && wanted(annotations, 'OData.Community.Display.V1.FormattedValue'))
				json[`${name}@OData.Community.Display.V1.FormattedValue`] = text;
			if (target && wanted(annotations, 'Microsoft.Dynamics.CRM.lookuplogicalname'))
				json[`${name}@Microsoft.Dynamics.CRM.lookuplogicalname`] = target;
			const navigation = target && output.link === null ? column.navigation?.[target] : undefined;
			if (navigation && wanted(annotations, 'Microsoft.Dynamics.CRM.associatednavigationproperty'))
				json[`${name}@Microsoft.Dynamics.CRM.associatednavigationproperty`] = navigation;
		}
		json[name] = computed ? value : wireValue(column, value);
	}

	/** The row a value comes from; for groups, as much of it as is known. */
	private source({ column, link }: Output, combination: Combination | null, value: Value): Row {
		const own = combination?.get(keyOf(link));
		if (own) return own;
		const holder = column.targets?.find((target) => this.platform.model.tables.has(target) && this.platform.db.row(target, String(value)));
		return { [column.logicalName]: value, ...(holder && { [typeKey(column.logicalName)]: holder }) };
	}
}
