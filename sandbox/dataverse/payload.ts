import { parsePath, referenced, relativeAddress, type Call } from './call';
import { DataverseError, invalidProperty, keyMissing, payload } from './errors';
import { readKey } from './keys';
import { behind, type Behind } from './collections';
import { typeKey, type Column, type Table } from './model';
import type { Platform } from './platform';
import { storedValue, type Changes } from './values';

export type Body = Record<string, unknown>;

/** A body taken apart: own columns, and rows to create along with it. */
export interface Payload {
	values: Changes;
	/** Rows to create first, which the row then points to. */
	parents: Array<{ column: Column; table: Table; body: Body }>;
	/** Rows to create afterwards, which point to the row or are associated with it. */
	children: Array<{ name: string; collection: Behind; bodies: Body[] }>;
	/** Rows that are there already and are tied to the row afterwards. */
	links: Array<{ name: string; collection: Behind; ids: string[] }>;
}

export function readBody(call: Call, set: string): Body {
	let body: unknown;
	try {
		body = JSON.parse(call.body);
	} catch {
		throw payload(set, 'Microsoft.OData.ODataException: The request body is not valid JSON.');
	}
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		throw payload(set, 'Microsoft.OData.ODataException: A JSON object was expected.');
	}
	return body as Body;
}

/**
 * Reads the body of a create or update: columns, links and rows to insert along. Throws DataverseError for what the model does not have.
 */
export function readPayload(platform: Platform, call: Pick<Call, 'root' | 'references'>, table: Table, body: Body): Payload {
	const result: Payload = { values: {}, parents: [], children: [], links: [] };
	const set = table.entitySetName;
	for (const [name, value] of Object.entries(body)) {
		if (name.endsWith('@odata.bind')) bind(platform, call, table, name.slice(0, -'@odata.bind'.length), value, result);
		else if (name.includes('@')) continue;
		else if (!related(platform, table, name, value, result)) column(table, name, value, result, set);
	}
	return result;
}

function column(table: Table, name: string, value: unknown, result: Payload, set: string): void {
	const found = table.properties.get(name);
	// Lookups are written through their navigation property only.
	if (!found || found.isLookup) throw invalidProperty(set, name, table.logicalName);
	result.values[found.logicalName] = storedValue(found, value, table.logicalName, set);
}

function related(platform: Platform, table: Table, name: string, value: unknown, result: Payload): boolean {
	const single = table.navigation.get(name);
	if (single) {
		if (value === null) setLookup(result.values, single.column, null, null);
		else if (typeof value === 'object' && !Array.isArray(value)) {
			result.parents.push({ column: single.column, table: targetOf(platform, single.targets, value as Body), body: value as Body });
		} else throw invalidProperty(table.entitySetName, name, table.logicalName);
		return true;
	}
	const collection = behind(platform, table, name);
	if (!collection) return false;
	if (!Array.isArray(value)) throw invalidProperty(table.entitySetName, name, table.logicalName);
	result.children.push({ name, collection, bodies: value as Body[] });
	return true;
}

function targetOf(platform: Platform, targets: string[], body: Body): Table {
	const named = /([^.#]+)$/.exec(String(body['@odata.type'] ?? ''))?.[1];
	return platform.model.table(named && targets.includes(named) ? named : targets[0]!);
}

function bind(
	platform: Platform,
	call: Pick<Call, 'root' | 'references'>,
	table: Table,
	name: string,
	value: unknown,
	result: Payload,
): void {
	const single = table.navigation.get(name);
	if (!single) {
		const collection = behind(platform, table, name);
		if (collection && Array.isArray(value)) {
			const ids = value.map((address) => readReference(platform, call, String(address), [collection.table.logicalName]).id);
			result.links.push({ name, collection, ids });
			return;
		}
		throw payload(
			table.entitySetName,
			`Microsoft.OData.ODataException: An undeclared property '${name}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values.`,
		);
	}
	if (value === null) return setLookup(result.values, single.column, null, null);
	if (typeof value !== 'string') throw invalidProperty(table.entitySetName, name, table.logicalName);
	const target = readReference(platform, call, value);
	if (!single.targets.includes(target.table.logicalName)) {
		throw payload(
			table.entitySetName,
			`Microsoft.OData.ODataException: The link '${value}' does not fit the navigation property '${name}'.`,
		);
	}
	setLookup(result.values, single.column, target.id, target.table.logicalName);
}

/** Stores a lookup: the id, and for lookups of several tables the table beside it. */
export function setLookup(values: Changes, lookup: Column, id: string | null, table: string | null): void {
	values[lookup.logicalName] = id;
	if (lookup.polymorphic) values[typeKey(lookup.logicalName)] = table;
}

/** The row an address such as `/accounts(…)`, an absolute one, one by alternate key, or `$1` names. */
export function readReference(
	platform: Platform,
	call: Pick<Call, 'root' | 'references'>,
	text: string,
	targets: readonly string[] | null = null,
): { table: Table; id: string } {
	const address = text.startsWith('$') ? referenced(text.slice(1), call.references) : text;
	const [segment, ...rest] = parsePath(relativeAddress(address, call.root, call.references));
	const table = segment && platform.model.sets.get(segment.name);
	if (!table || segment.key === null || rest.length) {
		throw new DataverseError(400, '0x80048d19', `Invalid resource link '${text}': the entity set or the key is missing.`);
	}
	if (targets && !targets.includes(table.logicalName))
		throw new DataverseError(400, '0x80048d19', `The link '${text}' does not fit the navigation property.`);
	const key = readKey(platform, table, segment.key);
	if (key.kind === 'id') return { table, id: key.id };
	if (key.id === null) throw keyMissing(table.logicalName);
	return { table, id: key.id };
}
