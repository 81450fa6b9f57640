import type { SandboxResponse } from '../core/http';
import { jsonAnswer, noContent } from './answers';
import { condition, type Call } from './call';
import { associate, type Behind } from './collections';
import { duplicateFound, duplicatesOf } from './duplicates';
import { DataverseError, invalidProperty, keyExists, keyMissing, notSupported, queryOption, rowMissing, versionMismatch } from './errors';
import { readKey, type RowKey } from './keys';
import { typeKey, type Table } from './model';
import { readBody, readPayload, setLookup, type Body } from './payload';
import type { Platform } from './platform';
import { presenter } from './query/read';
import { readSelect } from './query/select';
import { contextUrl, etagOf } from './rowView';
import { storedValue, type Changes, type Row } from './values';

/** Rows that come with an activity and are never created by themselves. */
const onlyWithin = new Set(['activitypointer', 'activityparty']);

/** Address of a row as `OData-EntityId` gives it. */
export const entityId = (call: Pick<Call, 'root'>, table: Table, key: string): string => `${call.root}${table.entitySetName}(${key})`;

/** Pairs of many-to-many relationships are made by associating rows. */
function refuseIntersect(platform: Platform, table: Table, message: string): void {
	if (platform.model.intersects.has(table.logicalName)) throw notSupported(message, table.logicalName);
}

/** POST on a set; `linked` holds columns set by the navigation property it was posted to, `then` completes the row in the same transaction. */
export function createRow(
	platform: Platform,
	call: Call,
	table: Table,
	linked: Changes = {},
	then: (id: string) => void = () => {},
): SandboxResponse {
	refuseIntersect(platform, table, 'Create');
	if (onlyWithin.has(table.logicalName)) throw notSupported('Create', table.logicalName);
	const id = platform.db.atomically(() => {
		const created = createFrom(platform, call, table, readBody(call, table.entitySetName), linked);
		then(created);
		return created;
	});
	return written(platform, call, table, id, id, true);
}

/** Creates a row from a body, deep inserts included: parents first, children afterwards. */
export function createFrom(platform: Platform, call: Call, table: Table, body: Body, linked: Changes): string {
	return platform.db.atomically(() => {
		platform.demand(call.session, 'Create', table.logicalName);
		const payload = readPayload(platform, call, table, body);
		const values = { ...payload.values, ...linked };
		platform.columnSecurity.demand(call.session, table.logicalName, Object.keys(values), 'create');
		demandLinks(platform, call, table, values);
		for (const { column, table: parent, body: inner } of payload.parents) {
			setLookup(values, column, createFrom(platform, call, parent, inner, {}), parent.logicalName);
		}
		detectDuplicates(platform, call, table, null, values);
		const id = platform.writer.create(table.logicalName, values, call.session);
		for (const { collection, ids } of payload.links) link(platform, call, collection, { table, id }, ids);
		for (const { collection, bodies } of payload.children) {
			const { table: child, relationship, association } = collection;
			const pointing: Changes = {};
			if (relationship) setLookup(pointing, child.columns.get(relationship.column)!, id, table.logicalName);
			for (const inner of bodies) {
				const created = createFrom(platform, call, child, inner, pointing);
				if (association) associate(platform, call.session, association, id, created);
			}
		}
		return id;
	});
}

/** `<collection>@odata.bind` of a create: rows that are there already point to the new one. */
function link(platform: Platform, call: Call, collection: Behind, parent: { table: Table; id: string }, ids: string[]): void {
	const { table: child, relationship, association } = collection;
	for (const other of ids) {
		if (association) associate(platform, call.session, association, parent.id, other);
		if (!relationship) continue;
		const changes: Changes = {};
		setLookup(changes, child.columns.get(relationship.column)!, parent.id, parent.table.logicalName);
		platform.demand(call.session, 'Write', child.logicalName);
		platform.writer.update(child.logicalName, other, changes, call.session);
	}
}

/** Pointing to a row needs Append on the table and AppendTo on the other; giving it an owner needs Assign. */
function demandLinks(platform: Platform, call: Call, table: Table, values: Changes): void {
	for (const [name, value] of Object.entries(values)) {
		const column = table.columns.get(name);
		if (!column?.isLookup || value === null) continue;
		if (column.type === 'Owner') {
			if (value !== call.session.user) platform.demand(call.session, 'Assign', table.logicalName);
			continue;
		}
		const target = column.polymorphic ? String(values[typeKey(name)]) : column.targets![0]!;
		if (!platform.model.tables.has(target)) continue;
		platform.demand(call.session, 'Append', table.logicalName);
		platform.demand(call.session, 'AppendTo', target);
	}
}

/** Only with `MSCRM.SuppressDuplicateDetection: false`; the default is no detection. */
function detectDuplicates(platform: Platform, call: Call, table: Table, id: string | null, row: Row): void {
	if (call.headers['mscrm.suppressduplicatedetection']?.trim().toLowerCase() !== 'false') return;
	if (duplicatesOf(platform.db, table, id, row).length) throw duplicateFound();
}

/** PATCH on a row: update, or upsert unless a condition says otherwise. */
export function patchRow(platform: Platform, call: Call, table: Table, keyText: string): SandboxResponse {
	refuseIntersect(platform, table, 'Update');
	const key = readKey(platform, table, keyText);
	const id = existing(platform, table, key);
	const match = condition(call, 'if-match');
	const noneMatch = condition(call, 'if-none-match');
	// Versions are only compared by If-Match; a version here would say nothing.
	if (noneMatch !== null && noneMatch !== '*')
		throw queryOption(`The value '${noneMatch}' of the request header If-None-Match is not supported for updates.`);
	const createOnly = noneMatch === '*';
	if (id === null) {
		if (match !== null) throw rowMissing(table.logicalName, key.kind === 'id' ? key.id : keyText);
		return upsertNew(platform, call, table, key, keyText);
	}
	if (createOnly) throw keyExists();
	checkVersion(platform, call, table, id);
	applyPatch(platform, call, table, id, readBody(call, table.entitySetName), key);
	return written(platform, call, table, id, key.kind === 'id' ? id : keyText, false);
}

function existing(platform: Platform, table: Table, key: RowKey): string | null {
	if (key.kind === 'alternate') return key.id;
	return platform.db.row(table.logicalName, key.id) ? key.id : null;
}

function upsertNew(platform: Platform, call: Call, table: Table, key: RowKey, keyText: string): SandboxResponse {
	if (onlyWithin.has(table.logicalName)) throw notSupported('Create', table.logicalName);
	const body = readBody(call, table.entitySetName);
	const own = readPayload(platform, call, table, body).values;
	// Values of the key count unless the body brings its own.
	const fromKey =
		key.kind === 'id' ? { [table.primaryId]: key.id } : Object.fromEntries(Object.entries(key.values).filter(([name]) => !(name in own)));
	const id = createFrom(platform, call, table, body, fromKey);
	return written(platform, call, table, id, key.kind === 'id' ? id : keyText, true);
}

/** Updates a row from a body. Columns of the key it was found by are dropped from the body. */
export function applyPatch(platform: Platform, call: Call, table: Table, id: string, body: Body, key: RowKey | null): void {
	platform.demandOn(call.session, 'Write', table.logicalName, platform.db.row(table.logicalName, id)!);
	const payload = readPayload(platform, call, table, body);
	if (payload.parents.length || payload.children.length || payload.links.length) {
		const name = payload.parents[0]?.column.logicalName ?? (payload.children[0] ?? payload.links[0])!.name;
		throw invalidProperty(table.entitySetName, name, table.logicalName);
	}
	if (key?.kind === 'alternate') for (const name of Object.keys(key.values)) delete payload.values[name];
	platform.columnSecurity.demand(call.session, table.logicalName, Object.keys(payload.values), 'update');
	demandLinks(platform, call, table, payload.values);
	detectDuplicates(platform, call, table, id, { ...platform.db.row(table.logicalName, id), ...payload.values });
	platform.writer.update(table.logicalName, id, payload.values, call.session);
}

/** Checks If-Match against the row; somebody else's change may come in just before. */
export function checkVersion(platform: Platform, call: Call, table: Table, id: string): void {
	if (call.stale()) platform.writer.touch(table.logicalName, id, {}, { user: platform.environment.systemUserId, caller: null });
	const match = condition(call, 'if-match');
	if (match === null || match === '*') return;
	if (!table.optimisticConcurrency) {
		throw new DataverseError(400, '0x80060883', `Optimistic concurrency isn't enabled for entity type ${table.logicalName}. The IfVersionMatch value of ConcurrencyBehavior can only be used if optimistic concurrency is enabled.`); // prettier-ignore
	}
	if (etagOf(platform.db.row(table.logicalName, id)!) !== match) throw versionMismatch();
}

function written(platform: Platform, call: Call, table: Table, id: string, key: string, created: boolean): SandboxResponse {
	const address = entityId(call, table, key);
	if (!call.prefer.representation) return noContent({ 'odata-entityid': address });
	const row = platform.db.row(table.logicalName, id)!;
	// $expand is honoured on POST only.
	const show = presenter(platform, call.method === 'POST' ? call : { ...call, query: { ...call.query, expand: undefined } }, table);
	const context = contextUrl(call, table, readSelect(table, call.query), true);
	return jsonAnswer(
		created ? 201 : 200,
		{ '@odata.context': context, ...show(row) },
		{
			'odata-entityid': address,
			etag: etagOf(row),
			'preference-applied': 'return=representation',
			...(created ? { location: address } : {}),
		},
	);
}

export function deleteRow(platform: Platform, call: Call, table: Table, keyText: string): SandboxResponse {
	refuseIntersect(platform, table, 'Delete');
	const { id, row } = rowAt(platform, table, keyText);
	platform.demandOn(call.session, 'Delete', table.logicalName, row);
	checkVersion(platform, call, table, id);
	platform.writer.remove(table.logicalName, id, call.session);
	return noContent();
}

/** The row a key names; throws 404 when there is none. */
export function rowAt(platform: Platform, table: Table, keyText: string): { id: string; row: Row } {
	const key = readKey(platform, table, keyText);
	const id = existing(platform, table, key);
	if (id === null) {
		if (key.kind === 'id') throw rowMissing(table.logicalName, key.id);
		throw keyMissing(table.logicalName);
	}
	return { id, row: platform.db.row(table.logicalName, id)! };
}

/** PUT `{"value": …}` and DELETE on one column. */
export function writeColumn(platform: Platform, call: Call, table: Table, keyText: string, property: string): SandboxResponse {
	const { id, row } = rowAt(platform, table, keyText);
	const column = table.properties.get(property);
	if (!column || column.isLookup) throw invalidProperty(table.entitySetName, property, table.logicalName);
	platform.demandOn(call.session, 'Write', table.logicalName, row);
	const body = call.method === 'DELETE' ? { value: null } : readBody(call, table.entitySetName);
	const other = Object.keys(body).find((name) => name !== 'value' && !name.includes('@'));
	if (other !== undefined) throw invalidProperty(table.entitySetName, other, table.logicalName);
	const { value } = body;
	if (value === undefined) throw invalidProperty(table.entitySetName, 'value', table.logicalName);
	checkVersion(platform, call, table, id);
	platform.columnSecurity.demand(call.session, table.logicalName, [column.logicalName], 'update');
	const stored = storedValue(column, value, table.logicalName, table.entitySetName);
	platform.writer.update(table.logicalName, id, { [column.logicalName]: stored }, call.session);
	return noContent();
}

/** Clears a lookup and the table stored beside it. */
export const clearedLookup = (column: string): Changes => ({ [column]: null, [typeKey(column)]: null });
