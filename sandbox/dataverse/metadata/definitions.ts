import type { SandboxResponse } from '../../core/http';
import { jsonAnswer, noContent } from '../answers';
import type { Call, Segment } from '../call';
import { DataverseError, segmentMissing } from '../errors';
import type { Column, Table } from '../model';
import type { Platform } from '../platform';
import { allowOptions } from '../requestRules';
import { attributeJson, attributeTypes, commonAttributeProperties, expandable, metadataType } from './attributeJson';
import { entityJson } from './entityJson';
import { metadataId, type Json } from './labels';
import { choiceJson } from './optionSets';
import { metadataFilter, picked, shape, type Kind } from './query';
import { manyToManyJson, relatedJson, relatedProperties, relationshipJson } from './relationshipJson';

const namespace = /^Microsoft\.Dynamics\.CRM\./;
const relatedNames = ['Keys', 'ManyToOneRelationships', 'OneToManyRelationships', 'ManyToManyRelationships'];
const relatedKind: Kind = { type: 'RelationshipMetadataBase', properties: relatedProperties, expandable: {} };
const plainAttribute: Kind = { type: 'AttributeMetadata', properties: commonAttributeProperties, expandable: {} };

const entityKind = (item: Json): Kind => ({
	type: 'EntityMetadata',
	properties: new Set(Object.keys(item)),
	expandable: { Attributes: plainAttribute, ...Object.fromEntries(relatedNames.map((name) => [name, relatedKind])) },
});

/** `EntityDefinitions…`: tables, their columns, keys and relationships. */
export function handleDefinitions(platform: Platform, call: Call): SandboxResponse {
	const [first, second, ...rest] = call.segments as [Segment, Segment?, ...Segment[]];
	demandMetadata(platform, call, second?.name);
	if (first.key === null) {
		if (second) throw segmentMissing(second.name);
		allowOptions(call, 'metadata');
		const all = [...platform.model.tables.values()].map((table) => entityJson(platform, table));
		const kind = entityKind(all[0] ?? {});
		const test = metadataFilter(kind, call.query);
		return list(
			call,
			'EntityDefinitions',
			all.filter(test).map((item) => shape(kind, expandedInto(platform, call, item), call.query)),
		);
	}
	const table = findTable(platform, first.key);
	const context = `EntityDefinitions('${table.logicalName}')`;
	if (!second) {
		allowOptions(call, 'metadataItem');
		const item = expandedInto(platform, call, entityJson(platform, table));
		return single(call, 'EntityDefinitions', shape(entityKind(item), item, call.query));
	}
	if (second.name === 'Attributes') return attributes(platform, call, table, second, rest);
	const parts = relatedJson(platform, table, second.name);
	if (parts) return relatedItems(call, `${context}/${second.name}`, parts, second, rest);
	const value = entityJson(platform, table)[second.name];
	if (value === undefined || rest.length) throw segmentMissing(second.name);
	allowOptions(call, 'none');
	return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#${context}/${second.name}`, ...valueOf(value) });
}

/**
 * Metadata is read with privileges of its own, which the roles of the product hold.
 * Source: https://learn.microsoft.com/power-platform/admin/create-edit-security-role#minimum-privileges-for-common-tasks
 */
function demandMetadata(platform: Platform, call: Call, part: string | undefined): void {
	const expanded = (call.query.expand ?? []).map(({ property }) => property);
	platform.demandNamed(call.session, 'prvReadEntity');
	const parts = [part ?? '', ...expanded];
	if (parts.includes('Attributes')) platform.demandNamed(call.session, 'prvReadAttribute');
	if (parts.some((name) => name.endsWith('Relationships'))) platform.demandNamed(call.session, 'prvReadRelationship');
	if (parts.some((name) => /^(Global)?OptionSet$/.test(name))) platform.demandNamed(call.session, 'prvReadOptionSet');
}

const valueOf = (value: unknown): Json =>
	typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : { value };

/** Adds what `$expand` may ask for. */
function expandedInto(platform: Platform, call: Call, item: Json): Json {
	const table = platform.model.table(String(item.LogicalName));
	for (const { property } of call.query.expand ?? []) {
		if (property === 'Attributes')
			item.Attributes = [...table.columns.values()].map((column) => plain(attributeJson(platform, table, column)));
		else if (relatedNames.includes(property)) item[property] = relatedJson(platform, table, property);
	}
	return item;
}

/** A column of mixed lists: options of choices only come with a cast. */
function plain(json: Json): Json {
	const all: Json = {};
	for (const name in json) if (!expandable.has(name)) all[name] = json[name];
	return all;
}

function relatedItems(call: Call, context: string, parts: Json[], segment: Segment, rest: Segment[]): SandboxResponse {
	if (rest.length) throw segmentMissing(rest[0]!.name);
	if (segment.key === null) {
		allowOptions(call, 'metadata');
		const test = metadataFilter(relatedKind, call.query);
		return list(
			call,
			context,
			parts.filter(test).map((part) => shape(relatedKind, part, call.query)),
		);
	}
	allowOptions(call, 'metadataItem');
	return single(call, context, shape(relatedKind, itemAt(parts, segment.key), call.query));
}

function itemAt(parts: Json[], key: string): Json {
	const named = /^(\w+)='([^']*)'$/.exec(key);
	const found = parts.find((part) => (named ? part[named[1]!] === named[2] : part.MetadataId === key.toLowerCase()));
	if (!found) throw missing(key);
	return found;
}

/** `RelationshipDefinitions[/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata]`. */
export function handleRelationships(platform: Platform, call: Call): SandboxResponse {
	const [segment, cast, ...rest] = call.segments as [Segment, Segment?, ...Segment[]];
	const type = cast?.name.replace(namespace, '');
	if (rest.length || (type && !['OneToManyRelationshipMetadata', 'ManyToManyRelationshipMetadata'].includes(type))) throw segmentMissing((rest[0] ?? cast!).name); // prettier-ignore
	const { relationships, manyToMany } = platform.model;
	const all = [
		...(type === 'ManyToManyRelationshipMetadata' ? [] : relationships.map(relationshipJson)),
		...(type === 'OneToManyRelationshipMetadata' ? [] : manyToMany.map(manyToManyJson)),
	];
	return relatedItems(call, 'RelationshipDefinitions', all, segment, []);
}

export const missing = (key: string) =>
	new DataverseError(404, '0x80060888', `Could not find an entity or attribute with the key '${key}'.`);

export function findTable(platform: Platform, key: string): Table {
	const name = /^LogicalName='([^']*)'$/.exec(key)?.[1];
	for (const table of platform.model.tables.values()) {
		if (table.logicalName === name || metadataId(table.logicalName) === key.toLowerCase()) return table;
	}
	throw new DataverseError(404, '0x80060888', `Could not find an entity with the specified key: ${key}.`);
}

export function findColumn(table: Table, key: string): Column {
	const name = /^LogicalName='([^']*)'$/.exec(key)?.[1];
	const found = [...table.columns.values()].find((each) => each.logicalName === name || metadataId(table.logicalName, each.logicalName) === key.toLowerCase()); // prettier-ignore
	if (!found) throw missing(key);
	return found;
}

function attributes(platform: Platform, call: Call, table: Table, segment: Segment, rest: Segment[]): SandboxResponse {
	const [next] = rest;
	const cast = next && namespace.test(next.name) ? next.name.replace(namespace, '') : undefined;
	// EnumAttributeMetadata cannot be cast to, though choices derive from it.
	if (cast && !attributeTypes.has(cast)) throw segmentMissing(next!.name);
	const after = cast ? rest.slice(1) : rest;
	const context = `EntityDefinitions('${table.logicalName}')/Attributes${cast ? `/Microsoft.Dynamics.CRM.${cast}` : ''}`;
	const json = (column: Column): Json => {
		const item = attributeJson(platform, table, column);
		if (!cast) return plain(item);
		const { '@odata.type': _type, ...own } = item;
		return own;
	};
	if (segment.key === null) {
		if (after.length) throw segmentMissing(after[0]!.name);
		allowOptions(call, 'metadata');
		const items = [...table.columns.values()].filter((column) => !cast || metadataType(column) === cast).map(json);
		const kind = attributeKind(cast, items);
		const test = metadataFilter(kind, call.query);
		return list(
			call,
			context,
			items.filter(test).map((item) => shape(kind, item, call.query)),
		);
	}
	const column = findColumn(table, segment.key);
	if (cast && metadataType(column) !== cast) throw missing(segment.key);
	if (after.length) return behindAttribute(call, context, json(column), after);
	allowOptions(call, 'metadataItem');
	const item = json(column);
	return single(call, context, shape(attributeKind(cast, [item]), item, call.query));
}

/** Without a cast only what all columns share can be selected, though derived properties are shown. */
function attributeKind(cast: string | undefined, items: Json[]): Kind {
	if (!cast) return plainAttribute;
	const own = new Set(items.flatMap((item) => Object.keys(item)));
	const navigation = [...expandable].filter((name) => own.has(name) || items.length === 0);
	return {
		type: cast,
		properties: new Set([...commonAttributeProperties, ...own].filter((name) => !expandable.has(name))),
		expandable: Object.fromEntries(navigation.map((name) => [name, null])),
	};
}

/** `…/OptionSet` and single properties. */
function behindAttribute(call: Call, context: string, item: Json, [segment, ...rest]: Segment[]): SandboxResponse {
	const name = segment!.name;
	if (rest.length || segment!.key !== null || !(name in item)) throw segmentMissing(name);
	const value = item[name];
	allowOptions(call, expandable.has(name) ? 'selectOnly' : 'none');
	if (value === null) return noContent();
	const json = expandable.has(name) ? (picked(value, call.query.select) as Json) : valueOf(value);
	return jsonAnswer(200, { '@odata.context': `${call.root}$metadata#${context}/${name}/$entity`, ...json });
}

/** `GlobalOptionSetDefinitions[(Name='…')]`: the choices that columns share. */
export function handleGlobalChoices(platform: Platform, call: Call): SandboxResponse {
	const [segment, cast, ...rest] = call.segments as [Segment, Segment?, ...Segment[]];
	platform.demandNamed(call.session, 'prvReadOptionSet');
	const type = cast?.name.replace(namespace, '');
	if (rest.length || (type && !['OptionSetMetadata', 'BooleanOptionSetMetadata'].includes(type))) throw segmentMissing((rest[0] ?? cast!).name); // prettier-ignore
	const all =
		type === 'BooleanOptionSetMetadata' ? [] : platform.choices.globals().map((set) => choiceJson(set, metadataId('optionset', set.name)));
	const kind: Kind = { type: type ?? 'OptionSetMetadataBase', properties: new Set(Object.keys(choiceJson(none, ''))), expandable: {} };
	if (segment.key === null) {
		allowOptions(call, 'metadata');
		const test = metadataFilter(kind, call.query);
		return list(
			call,
			'GlobalOptionSetDefinitions',
			all.filter(test).map((set) => shape(kind, set, call.query)),
		);
	}
	allowOptions(call, 'metadataItem');
	return single(call, 'GlobalOptionSetDefinitions', shape(kind, itemAt(all, segment.key), call.query));
}

const none = { name: '', isGlobal: true, published: new Map(), draft: null, columns: [] };

const list = (call: Call, what: string, value: Json[]): SandboxResponse =>
	jsonAnswer(200, { '@odata.context': `${call.root}$metadata#${what}`, value });

const single = (call: Call, what: string, value: Json): SandboxResponse =>
	jsonAnswer(200, { '@odata.context': `${call.root}$metadata#${what}/$entity`, ...value });
