import type { ExpandItem } from '../../odata/query';
import type { Call } from '../call';
import type { Table } from '../model';
import type { Platform } from '../platform';
import { contextUrl, RowView, wanted, type JsonRow } from '../rowView';
import type { Row } from '../values';
import { Expander } from './expand';
import { readFilter } from './filter';
import { cursorOf, readSkipToken, skipToken, withOption } from './pages';
import { find, readOrder } from './run';
import { pageSize, readSelect } from './select';

/** Shows rows of one read with the columns, annotations and expanded rows asked for. */
export function presenter(platform: Platform, call: Call, table: Table): (row: Row) => JsonRow {
	const view = new RowView(
		platform,
		table,
		readSelect(table, call.query),
		call.prefer.annotations,
		platform.hiddenColumns(call.session, table),
	);
	const items: ExpandItem[] = call.query.expand ?? [];
	const expander = items.length ? new Expander(platform, call) : null;
	expander?.check(table, items);
	return (row) => {
		const json = view.show(row);
		expander?.into(json, table, row, items);
		return json;
	};
}

/** One page of a set, or of the rows behind a navigation property (`within`). */
export function readPage(platform: Platform, call: Call, table: Table, within: ReadonlySet<string> | null): JsonRow {
	const { query, prefer } = call;
	platform.demand(call.session, 'Read', table.logicalName);
	const show = presenter(platform, call, table);
	const token = query.skiptoken === undefined ? null : readSkipToken(query.skiptoken);
	// With a page size, $top is ignored.
	const top = prefer.maxPageSize === null ? query.top : undefined;
	const order = readOrder(platform, table, query);
	const found = find(platform, table, {
		filter: query.filter === undefined ? null : readFilter(platform, table, query.filter, query.aliases, call.session),
		order,
		limit: Math.min(top ?? pageSize, prefer.maxPageSize ?? pageSize, pageSize),
		paged: top === undefined,
		after: token ? cursorOf(token.state) : null,
		count: query.count === true,
		within,
		readable: platform.readable(call.session, table.logicalName),
	});
	const json: JsonRow = { '@odata.context': contextUrl(call, table, readSelect(table, query), false) };
	if (found.count !== null) {
		json['@odata.count'] = Math.min(found.count, 5000);
		if (wanted(prefer.annotations, 'Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded')) {
			json['@Microsoft.Dynamics.CRM.totalrecordcount'] = Math.min(found.count, 5000);
			json['@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded'] = found.count > 5000;
		}
	}
	json.value = found.rows.map(show);
	if (found.next) {
		json['@odata.nextLink'] =
			`${call.address}?${withOption(call.rawQuery, '$skiptoken', skipToken((token?.page ?? 1) + 1, found.next, false))}`;
	}
	return json;
}

/** `…/$count`: plain number, at most 5,000 unless change tracking counts it. */
export function countRows(platform: Platform, call: Call, table: Table, within: ReadonlySet<string> | null): number {
	platform.demand(call.session, 'Read', table.logicalName);
	const { query } = call;
	const filter = query.filter === undefined ? null : readFilter(platform, table, query.filter, query.aliases, call.session);
	const readable = platform.readable(call.session, table.logicalName);
	return Math.min(find(platform, table, { filter, order: [], limit: 0, paged: false, after: null, count: true, within, readable }).count!, 5000); // prettier-ignore
}
