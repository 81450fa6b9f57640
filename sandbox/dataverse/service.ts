import type { SandboxResponse } from '../core/http';
import { jsonAnswer, noContent, textAnswer } from './answers';
import { handleBulk } from './bulk';
import { condition, type Call, type Segment } from './call';
import { countChanges, readChanges } from './changeTracking';
import { csdl } from './csdl';
import { DataverseError, segmentMissing } from './errors';
import { handleAction, handleBoundAction } from './messages';
import { handleDefinitions, handleGlobalChoices, handleRelationships } from './metadata';
import type { Table } from './model';
import type { Platform } from './platform';
import { aggregate } from './query/apply';
import { countRows, presenter, readPage } from './query/read';
import { readSelect } from './query/select';
import { handleReference, wrongVerb } from './references';
import { contextUrl, etagOf, targetTable, wanted } from './rowView';
import { messageFilters } from './sdkMessages';
import { setLookup } from './payload';
import { wireValue, type Changes } from './values';
import { createRow, deleteRow, patchRow, rowAt, writeColumn } from './writes';

const message = /^Microsoft\.Dynamics\.CRM\./;

/** Carries out one operation. Throws DataverseError for every answer that is not a success. */
export function carryOut(platform: Platform, call: Call): SandboxResponse {
	const [first] = call.segments;
	if (!first) return serviceDocument(platform, call);
	switch (first.name) {
		case '$metadata':
			return textAnswer(csdl(platform), 'application/xml');
		case 'WhoAmI':
			return whoAmI(platform, call);
		case 'EntityDefinitions':
			return readOnly(call, () => handleDefinitions(platform, call));
		case 'GlobalOptionSetDefinitions':
			return readOnly(call, () => handleGlobalChoices(platform, call));
		case 'RelationshipDefinitions':
			return readOnly(call, () => handleRelationships(platform, call));
		case 'sdkmessagefilters':
			return readOnly(call, () => messageFilters(platform, call));
	}
	const table = platform.model.sets.get(first.name);
	if (table) return onSet(platform, call, table, first, call.segments.slice(1));
	const action =
		call.method === 'POST' && call.segments.length === 1 && first.key === null ? handleAction(platform, call, first.name) : null;
	if (action) return action;
	throw segmentMissing(first.name);
}

function readOnly(call: Call, read: () => SandboxResponse): SandboxResponse {
	if (call.method !== 'GET') throw wrongVerb(call);
	return read();
}

function serviceDocument(platform: Platform, call: Call): SandboxResponse {
	const value = [...platform.model.tables.values()].map(({ entitySetName: name }) => ({ name, kind: 'EntitySet', url: name }));
	return readOnly(call, () => jsonAnswer(200, { '@odata.context': `${call.root}$metadata`, value }));
}

function whoAmI(platform: Platform, call: Call): SandboxResponse {
	if (call.method !== 'GET') {
		throw new DataverseError(404, '', `No HTTP resource was found that matches the request URI '${call.address}'.`);
	}
	const user = platform.db.row('systemuser', call.session.user);
	return jsonAnswer(200, {
		'@odata.context': `${call.root}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
		BusinessUnitId: user?.businessunitid ?? platform.environment.businessUnitId,
		UserId: call.session.user,
		OrganizationId: platform.environment.organizationId,
	});
}

function onSet(platform: Platform, call: Call, table: Table, first: Segment, rest: Segment[]): SandboxResponse {
	if (first.key !== null) return onRow(platform, call, table, first.key, rest);
	const [second] = rest;
	if (rest.length > 1) throw segmentMissing(rest[1]!.name);
	if (second?.name === '$count') {
		return readOnly(call, () => textAnswer(String(call.query.deltatoken === undefined ? countRows(platform, call, table, null) : countChanges(platform, call, table)))); // prettier-ignore
	}
	if (second && message.test(second.name) && call.method === 'POST') {
		const name = second.name.replace(message, '');
		const answer = handleBulk(platform, call, table, name) ?? handleBoundAction(platform, call, table, null, name);
		if (answer) return answer;
	}
	if (second) throw segmentMissing(second.name);
	if (call.method === 'POST') return createRow(platform, call, table);
	if (call.method !== 'GET') throw wrongVerb(call);
	if (call.query.apply !== undefined) return jsonAnswer(200, aggregate(platform, call, table));
	if (call.prefer.trackChanges || call.query.deltatoken !== undefined) {
		return jsonAnswer(200, readChanges(platform, call, table), preferenceApplied(call));
	}
	return jsonAnswer(200, readPage(platform, call, table, null), preferenceApplied(call));
}

function onRow(platform: Platform, call: Call, table: Table, key: string, rest: Segment[]): SandboxResponse {
	const [second, third] = rest;
	if (!second) {
		switch (call.method) {
			case 'GET':
				return readRow(platform, call, table, key);
			case 'PATCH':
				return patchRow(platform, call, table, key);
			case 'DELETE':
				return deleteRow(platform, call, table, key);
			default:
				throw wrongVerb(call);
		}
	}
	if (third?.name === '$ref') return handleReference(platform, call, table, key, second);
	if (call.method === 'POST' && message.test(second.name)) {
		const answer = handleBoundAction(platform, call, table, rowAt(platform, table, key).id, second.name);
		if (answer) return answer;
	}
	if (table.properties.has(second.name)) return onColumn(platform, call, table, key, second.name, third);
	if (table.navigation.has(second.name)) return behindLookup(platform, call, table, key, second.name, rest.slice(1));
	const relationship = table.collections.get(second.name);
	if (relationship) return behindCollection(platform, call, table, key, second, rest.slice(1));
	throw segmentMissing(second.name);
}

function readRow(platform: Platform, call: Call, table: Table, key: string): SandboxResponse {
	platform.demand(call.session, 'Read', table.logicalName);
	const { row } = rowAt(platform, table, key);
	const etag = etagOf(row);
	const plain = !call.query.expand && call.prefer.annotations.length === 0 && table.optimisticConcurrency;
	if (plain && condition(call, 'if-none-match') === etag) return { status: 304, headers: { 'odata-version': '4.0', etag }, body: '' };
	const show = presenter(platform, call, table);
	const context = contextUrl(call, table, readSelect(table, call.query), true);
	return jsonAnswer(200, { '@odata.context': context, ...show(row) }, { etag, ...preferenceApplied(call) });
}

function onColumn(
	platform: Platform,
	call: Call,
	table: Table,
	key: string,
	property: string,
	third: Segment | undefined,
): SandboxResponse {
	if (call.method === 'PUT' || call.method === 'DELETE') return writeColumn(platform, call, table, key, property);
	if (call.method !== 'GET') throw wrongVerb(call);
	platform.demand(call.session, 'Read', table.logicalName);
	const { id, row } = rowAt(platform, table, key);
	const column = table.properties.get(property)!;
	const value = wireValue(column, row[column.logicalName]);
	if (value === null) return noContent();
	if (third?.name === '$value') return textAnswer(String(row[column.logicalName] ?? value));
	return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#${table.entitySetName}(${id})/${property}`, value });
}

/** `accounts(…)/primarycontactid`, and what follows it. */
function behindLookup(platform: Platform, call: Call, table: Table, key: string, name: string, rest: Segment[]): SandboxResponse {
	const { row } = rowAt(platform, table, key);
	const single = table.navigation.get(name)!;
	const target = targetTable(single.column, row);
	const id = row[single.column.logicalName];
	if (typeof id !== 'string' || !single.targets.includes(target)) return noContent();
	return onRow(platform, call, platform.model.table(target), id, rest);
}

/** `accounts(…)/contact_customer_accounts`: read, count, or create a row linked to it. */
function behindCollection(platform: Platform, call: Call, table: Table, key: string, segment: Segment, rest: Segment[]): SandboxResponse {
	const relationship = table.collections.get(segment.name)!;
	const { id } = rowAt(platform, table, key);
	const child = platform.model.table(relationship.referencing);
	if (segment.key !== null) return onRow(platform, call, child, segment.key, rest);
	if (call.method === 'POST' && rest.length === 0) {
		const linked: Changes = {};
		setLookup(linked, child.columns.get(relationship.column)!, id, table.logicalName);
		return createRow(platform, call, child, linked);
	}
	if (call.method !== 'GET') throw wrongVerb(call);
	const within = new Set(platform.writer.referencing(child.logicalName, relationship.column, table.logicalName, id));
	if (rest[0]?.name === '$count') return textAnswer(String(countRows(platform, call, child, within)));
	return jsonAnswer(200, readPage(platform, call, child, within), preferenceApplied(call));
}

function preferenceApplied({ prefer, headers }: Call): Record<string, string> {
	const applied: string[] = [];
	if (prefer.maxPageSize !== null) applied.push(`odata.maxpagesize=${prefer.maxPageSize}`);
	if (prefer.trackChanges) applied.push('odata.track-changes');
	if (wanted(prefer.annotations, 'OData.Community.Display.V1.FormattedValue') || prefer.annotations.length) {
		applied.push(/odata\.include-annotations=("[^"]*"|[^,]*)/.exec(headers.prefer ?? '')?.[0] ?? 'odata.include-annotations');
	}
	return applied.length ? { 'preference-applied': applied.join(',') } : {};
}
