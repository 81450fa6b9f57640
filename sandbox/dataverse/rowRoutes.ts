import type { SandboxResponse } from '../core/http';
import { handleBoundFunction } from './accessFunctions';
import { jsonAnswer, noContent, textAnswer } from './answers';
import { condition, type Call, type Segment } from './call';
import { associate, behind, type Behind } from './collections';
import { segmentMissing } from './errors';
import { handleBoundAction } from './messages';
import type { Table } from './model';
import { setLookup } from './payload';
import type { Platform } from './platform';
import { preferenceApplied } from './preferences';
import { countRows, presenter, readPage } from './query/read';
import { readSelect } from './query/select';
import { handleReference, wrongVerb } from './references';
import { allowOptions, setKind } from './requestRules';
import { contextUrl, etagOf, targetTable } from './rowView';
import { wireValue, type Changes } from './values';
import { createRow, deleteRow, patchRow, rowAt, writeColumn } from './writes';

const message = /^Microsoft\.Dynamics\.CRM\./;

/** `accounts(…)` and what follows it. */
export function onRow(platform: Platform, call: Call, table: Table, key: string, rest: Segment[]): SandboxResponse {
	const [second, third, fourth] = rest;
	if (!second) return wholeRow(platform, call, table, key);
	if (third?.name === '$ref') {
		if (fourth) throw segmentMissing(fourth.name);
		return handleReference(platform, call, table, key, second);
	}
	if (message.test(second.name) && call.method === 'POST' && !third) {
		allowOptions(call, 'select');
		const answer = handleBoundAction(platform, call, table, rowAt(platform, table, key).id, second.name);
		if (answer) return answer;
	}
	if (message.test(second.name) && call.method === 'GET' && !third) {
		const answer = handleBoundFunction(platform, call, table, rowAt(platform, table, key).id, second);
		if (answer) return answer;
	}
	if (second.key === null && table.properties.has(second.name)) return onColumn(platform, call, table, key, rest);
	if (second.key === null && table.navigation.has(second.name)) return behindLookup(platform, call, table, key, rest);
	const collection = behind(platform, table, second.name);
	if (collection) return behindCollection(platform, call, table, key, { collection, rest });
	throw segmentMissing(second.name);
}

function wholeRow(platform: Platform, call: Call, table: Table, key: string): SandboxResponse {
	switch (call.method) {
		case 'GET':
			allowOptions(call, 'row');
			return readRow(platform, call, table, key);
		case 'PATCH':
			allowOptions(call, 'update');
			return patchRow(platform, call, table, key);
		case 'DELETE':
			allowOptions(call, 'none');
			return deleteRow(platform, call, table, key);
		default:
			throw wrongVerb(call);
	}
}

function readRow(platform: Platform, call: Call, table: Table, key: string): SandboxResponse {
	platform.demand(call.session, 'Read', table.logicalName);
	const { row } = rowAt(platform, table, key);
	platform.demandOn(call.session, 'Read', table.logicalName, row);
	const etag = etagOf(row);
	const plain = !call.query.expand && call.prefer.annotations.length === 0 && table.optimisticConcurrency;
	if (plain && condition(call, 'if-none-match') === etag) return { status: 304, headers: { 'odata-version': '4.0', etag }, body: '' };
	const show = presenter(platform, call, table);
	const context = contextUrl(call, table, readSelect(table, call.query), true);
	return jsonAnswer(200, { '@odata.context': context, ...show(row) }, { etag, ...preferenceApplied(call, 'row') });
}

function onColumn(platform: Platform, call: Call, table: Table, key: string, [segment, third, fourth]: Segment[]): SandboxResponse {
	const property = segment!.name;
	if (fourth || (third && third.name !== '$value')) throw segmentMissing((fourth ?? third!).name);
	allowOptions(call, 'none');
	if ((call.method === 'PUT' || call.method === 'DELETE') && !third) return writeColumn(platform, call, table, key, property);
	if (call.method !== 'GET') throw wrongVerb(call);
	platform.demand(call.session, 'Read', table.logicalName);
	const { id, row } = rowAt(platform, table, key);
	platform.demandOn(call.session, 'Read', table.logicalName, row);
	const column = table.properties.get(property)!;
	const hidden = platform.columnSecurity.hidden(call.session, table.logicalName).has(column.logicalName);
	const value = hidden ? null : wireValue(column, row[column.logicalName]);
	if (value === null) return noContent();
	if (third) return textAnswer(String(row[column.logicalName] ?? value));
	return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#${table.entitySetName}(${id})/${property}`, value });
}

/** `accounts(…)/primarycontactid`, and what follows it. */
function behindLookup(platform: Platform, call: Call, table: Table, key: string, [segment, ...rest]: Segment[]): SandboxResponse {
	const { row } = rowAt(platform, table, key);
	const single = table.navigation.get(segment!.name)!;
	const target = targetTable(single.column, row);
	const id = row[single.column.logicalName];
	if (typeof id !== 'string' || !single.targets.includes(target)) {
		allowOptions(call, 'row');
		return noContent();
	}
	return onRow(platform, call, platform.model.table(target), id, rest);
}

/** `accounts(…)/contact_customer_accounts`: read, count, or create a row linked to it. */
function behindCollection(
	platform: Platform,
	call: Call,
	table: Table,
	key: string,
	{ collection, rest: [segment, ...rest] }: { collection: Behind; rest: Segment[] },
): SandboxResponse {
	const { id } = rowAt(platform, table, key);
	const { table: child, relationship, association } = collection;
	if (segment!.key !== null) return onRow(platform, call, child, segment!.key, rest);
	if (call.method === 'POST' && rest.length === 0) {
		allowOptions(call, 'select');
		const linked: Changes = {};
		if (relationship) setLookup(linked, child.columns.get(relationship.column)!, id, table.logicalName);
		return createRow(platform, call, child, linked, association ? (created) => associate(platform, call.session, association, id, created) : undefined); // prettier-ignore
	}
	const counted = rest[0]?.name === '$count';
	if (rest.length > (counted ? 1 : 0)) throw segmentMissing(rest.at(-1)!.name);
	if (call.method !== 'GET') throw wrongVerb(call);
	const within = new Set(collection.ids(id));
	if (counted) {
		allowOptions(call, 'count');
		return textAnswer(String(countRows(platform, call, child, within)));
	}
	allowOptions(call, setKind(call) === 'set' || call.prefer.trackChanges ? 'set' : 'none');
	return jsonAnswer(200, readPage(platform, call, child, within), preferenceApplied(call, 'page'));
}
