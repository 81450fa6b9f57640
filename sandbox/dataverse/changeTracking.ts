import type { Call } from './call';
import { DataverseError } from './errors';
import type { Table } from './model';
import type { Platform } from './platform';
import { privilegeName } from './privilegeNames';
import { readSkipToken, skipToken, withOption } from './query/pages';
import { find } from './query/run';
import { pageSize, readSelect } from './query/select';
import { contextUrl, RowView, type JsonRow } from './rowView';
import type { Row } from './values';

/** Where a tracked read stands: the initial read walks by id, a delta read by version, first rows and then deletions. */
type State = { phase: 'initial'; id: string; version: number } | { phase: 'rows' | 'deletions'; version: number };

/** `Prefer: odata.track-changes`, or a delta link followed: the last page carries the next delta link. */
export function readChanges(platform: Platform, call: Call, table: Table): JsonRow {
	platform.demand(call.session, 'Read', table.logicalName);
	// Only with read access to the whole organization (use-change-tracking-synchronize-data-external-systems).
	if (platform.readable(call.session, table.logicalName)) {
		throw new DataverseError(403, '0x80040220', `Principal user (Id=${call.session.user}, type=8) is missing organization-level ${privilegeName('Read', table)} privilege.`); // prettier-ignore
	}
	if (!table.changeTracking) {
		throw new DataverseError(400, '0x80044359', `Change tracking is not enabled for the entity '${table.logicalName}'.`);
	}
	const token = call.query.skiptoken === undefined ? null : readSkipToken(call.query.skiptoken);
	const state = token ? (token.state as State) : startOf(platform, call);
	const view = new RowView(
		platform,
		table,
		readSelect(table, call.query),
		call.prefer.annotations,
		platform.hiddenColumns(call.session, table),
	);
	const limit = call.prefer.maxPageSize ?? pageSize;
	const json: JsonRow = { '@odata.context': `${contextUrl(call, table, readSelect(table, call.query), false)}${state?.phase === 'rows' || state?.phase === 'deletions' ? '/$delta' : ''}` }; // prettier-ignore
	const page =
		!state || state.phase === 'initial'
			? initialPage(platform, table, state, limit, view)
			: deltaPage(platform, call, table, state, limit, view);
	json.value = page.value;
	if (page.next) {
		const next = skipToken((token?.page ?? 1) + 1, page.next, true);
		json['@odata.nextLink'] = `${call.address}?${withOption(call.rawQuery, '$skiptoken', next)}`;
	} else {
		const delta = encodeURIComponent(deltaToken(platform, page.version)).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
		json['@odata.deltaLink'] = `${call.address}?${withOption(call.rawQuery, '$deltatoken', delta.replace(/!/g, '%21'), ['$skiptoken'])}`;
	}
	return json;
}

interface Page {
	value: JsonRow[];
	next: State | null;
	/** Version the next delta starts from. */
	version: number;
}

function startOf(platform: Platform, call: Call): State | null {
	if (call.query.deltatoken === undefined) return null;
	return { phase: 'rows', version: readDeltaToken(platform, call.query.deltatoken) };
}

function initialPage(platform: Platform, table: Table, state: State | null, limit: number, view: RowView): Page {
	const started = state?.version ?? platform.db.lastVersion;
	const after = state?.phase === 'initial' ? { values: [], id: state.id } : null;
	const found = find(platform, table, { filter: null, order: [], limit, paged: true, after, count: false });
	return {
		value: found.rows.map((row) => view.show(row)),
		next: found.next ? { phase: 'initial', id: found.next.id, version: started } : null,
		version: platform.trackingTokenOf === 'firstPage' ? started : platform.db.lastVersion,
	};
}

function deltaPage(platform: Platform, call: Call, table: Table, state: State, limit: number, view: RowView): Page {
	const store = platform.db.store(table.logicalName);
	const value: JsonRow[] = [];
	const since = readDeltaToken(platform, call.query.deltatoken!);
	if (state.phase === 'rows') {
		for (const row of store.changedAfter(state.version)) {
			if (value.length === limit) return { value, next: { phase: 'rows', version: lastOf(value) }, version: 0 };
			value.push(view.show(row));
		}
	}
	const deletedAfter = state.phase === 'deletions' ? state.version : since;
	let last = deletedAfter;
	for (const { id, version } of store.tombstones) {
		if (version <= deletedAfter || store.rows.has(id)) continue;
		if (value.length === limit) return { value, next: { phase: 'deletions', version: last }, version: 0 };
		value.push({ '@odata.context': `${call.root}$metadata#${table.entitySetName}/$deletedEntity`, id, reason: 'deleted' });
		last = version;
	}
	return { value, next: null, version: platform.db.lastVersion };
}

function lastOf(value: JsonRow[]): number {
	return Number(/\d+/.exec(String(value.at(-1)!['@odata.etag']))![0]);
}

/** `<version>!<MM/dd/yyyy HH:mm:ss>` */
function deltaToken(platform: Platform, version: number): string {
	const [day, time] = new Date(platform.clock()).toISOString().slice(0, 19).split('T') as [string, string];
	const [year, month, date] = day.split('-');
	return `${version}!${month}/${date}/${year} ${time}`;
}

function readDeltaToken(platform: Platform, text: string): number {
	const match = /^(\d+)!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(text);
	if (!match) throw new DataverseError(400, '0x80044352', 'Version stamp associated with the client is not valid.');
	const issued = Date.parse(`${match[4]}-${match[2]}-${match[3]}T${match[5]}Z`);
	const organization = platform.db.row('organization', platform.environment.organizationId);
	const days = Number(organization?.expirechangetrackingindays ?? 7);
	if (platform.clock() - issued > days * 86_400_000) {
		throw new DataverseError(400, '0x80044352', 'Version stamp associated with the client has expired. Please perform a full sync.');
	}
	return Number(match[1]);
}

/** `…/$count?$deltatoken=…`: changed and deleted rows since the token. */
export function countChanges(platform: Platform, call: Call, table: Table): number {
	platform.demand(call.session, 'Read', table.logicalName);
	const since = readDeltaToken(platform, call.query.deltatoken!);
	const store = platform.db.store(table.logicalName);
	let count = 0;
	for (const _row of store.changedAfter(since) as Iterable<Row>) count++;
	return count + store.tombstones.filter(({ id, version }) => version > since && !store.rows.has(id)).length;
}
