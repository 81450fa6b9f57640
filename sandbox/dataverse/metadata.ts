import { createHash } from 'node:crypto';
import { compileFilter, FilterSyntaxError, parseFilter, type FilterValue } from '../odata/filter';
import type { ExpandItem, QueryOptions } from '../odata/query';
import type { SandboxResponse } from '../core/http';
import { jsonAnswer } from './answers';
import type { Call, Segment } from './call';
import { BASE_LANGUAGE, type Labels, type OptionSet } from './choices';
import { DataverseError, queryOption, segmentMissing, unknownProperty } from './errors';
import { schemaNameOf } from './schemaNames';
import type { Column, Relationship, Table } from './model';
import type { Platform } from './platform';

type Json = Record<string, unknown>;

/** Stable id of a metadata item. */
export function metadataId(...parts: string[]): string {
	const hash = createHash('sha1').update(parts.join('/')).digest('hex');
	return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

const label = (text: string): Json => labelIn({ [BASE_LANGUAGE]: text });

/** Users see the text in their own language, here the base language. */
function labelIn(labels: Labels): Json {
	const localized = Object.entries(labels).map(([language, text]) => ({
		Label: text,
		LanguageCode: Number(language),
		IsManaged: true,
		MetadataId: metadataId('label', text),
		HasChanged: null,
	}));
	return { LocalizedLabels: localized, UserLocalizedLabel: localized.find(({ LanguageCode }) => LanguageCode === BASE_LANGUAGE) ?? null };
}

/** `accountid` → `Accountid`: good enough for a title where the schema file has none. */
const title = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** `EntityDefinitions…`: tables, their columns, keys and relationships. */
export function handleDefinitions(platform: Platform, call: Call): SandboxResponse {
	const [first, second, cast] = call.segments as [Segment, Segment?, Segment?];
	if (first.key === null) {
		if (second) throw segmentMissing(second.name);
		return list(call, 'EntityDefinitions', [...platform.model.tables.values()].map((table) => entity(platform, table, call.query))); // prettier-ignore
	}
	const table = findTable(platform, first.key);
	if (!second) return single(call, 'EntityDefinitions', entity(platform, table, call.query));
	if (second.name === 'Attributes') return attributes(platform, call, table, second, cast);
	const parts = related(platform, table, second.name);
	if (!parts) throw segmentMissing(second.name);
	return list(call, `EntityDefinitions('${table.logicalName}')/${second.name}`, parts.map((part) => shape(part, call.query))); // prettier-ignore
}

/** `RelationshipDefinitions[/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata]`. */
export function handleRelationships(platform: Platform, call: Call): SandboxResponse {
	const cast = call.segments[1]?.name;
	// There are no many-to-many relationships in this model.
	const all = cast?.endsWith('ManyToManyRelationshipMetadata') ? [] : platform.model.relationships.map(relationshipJson);
	const key = call.segments[0]!.key;
	const named = key && /SchemaName='([^']*)'/.exec(key)?.[1];
	if (!key)
		return list(
			call,
			'RelationshipDefinitions',
			all.filter(filterOf(call.query)).map((part) => shape(part, call.query)),
		);
	const found = all.find((part) => part.SchemaName === named || part.MetadataId === key.toLowerCase());
	if (!found) throw missing(key);
	return single(call, 'RelationshipDefinitions', shape(found, call.query));
}

const missing = (key: string) => new DataverseError(404, '0x80060888', `Could not find an entity or attribute with the key '${key}'.`);

function findTable(platform: Platform, key: string): Table {
	const name = /LogicalName='([^']*)'/.exec(key)?.[1];
	for (const table of platform.model.tables.values()) {
		if (table.logicalName === name || metadataId(table.logicalName) === key.toLowerCase()) return table;
	}
	throw new DataverseError(404, '0x80060888', `Could not find an entity with the specified key: ${key}.`);
}

function attributes(platform: Platform, call: Call, table: Table, segment: Segment, cast: Segment | undefined): SandboxResponse {
	const wanted = cast?.name.replace(/^Microsoft\.Dynamics\.CRM\./, '');
	const context = `EntityDefinitions('${table.logicalName}')/Attributes`;
	if (segment.key !== null) {
		const name = /LogicalName='([^']*)'/.exec(segment.key)?.[1];
		const column = [...table.columns.values()].find((each) => each.logicalName === name || metadataId(table.logicalName, each.logicalName) === segment.key!.toLowerCase()); // prettier-ignore
		if (!column || (wanted && !fits(column, wanted))) throw missing(segment.key);
		return single(call, context, shape(attribute(platform, table, column, wanted), call.query));
	}
	const columns = [...table.columns.values()].filter((column) => !wanted || fits(column, wanted));
	const json = columns.map((column) => attribute(platform, table, column, wanted));
	return list(
		call,
		context,
		json.filter(filterOf(call.query)).map((part) => shape(part, call.query)),
	);
}

const kinds: Record<Column['type'], [attributeType: string, metadata: string]> = {
	String: ['String', 'StringAttributeMetadata'],
	Memo: ['Memo', 'MemoAttributeMetadata'],
	Integer: ['Integer', 'IntegerAttributeMetadata'],
	BigInt: ['BigInt', 'BigIntAttributeMetadata'],
	Boolean: ['Boolean', 'BooleanAttributeMetadata'],
	Decimal: ['Decimal', 'DecimalAttributeMetadata'],
	Money: ['Money', 'MoneyAttributeMetadata'],
	Double: ['Double', 'DoubleAttributeMetadata'],
	DateTime: ['DateTime', 'DateTimeAttributeMetadata'],
	Uniqueidentifier: ['Uniqueidentifier', 'UniqueIdentifierAttributeMetadata'],
	Picklist: ['Picklist', 'PicklistAttributeMetadata'],
	State: ['State', 'StateAttributeMetadata'],
	Status: ['Status', 'StatusAttributeMetadata'],
	Lookup: ['Lookup', 'LookupAttributeMetadata'],
	Customer: ['Customer', 'LookupAttributeMetadata'],
	Owner: ['Owner', 'LookupAttributeMetadata'],
	EntityName: ['EntityName', 'EntityNameAttributeMetadata'],
};

function fits(column: Column, metadata: string): boolean {
	const choice = ['Picklist', 'State', 'Status', 'EntityName'].includes(column.type);
	return kinds[column.type][1] === metadata || (metadata === 'EnumAttributeMetadata' && choice);
}

/** One column. Without a cast, columns of derived types (MaxLength, Targets, …) are shown too, as the service does in lists of mixed types. */
function attribute(platform: Platform, table: Table, column: Column, cast: string | undefined): Json {
	const [attributeType, metadata] = kinds[column.type];
	const { access } = column;
	const companion = column.hidden === true && column.type !== 'EntityName';
	const json: Json = {
		...(cast ? {} : { '@odata.type': `#Microsoft.Dynamics.CRM.${metadata}` }),
		MetadataId: metadataId(table.logicalName, column.logicalName),
		LogicalName: column.logicalName,
		SchemaName: column.schemaName ?? schemaNameOf(column.logicalName),
		EntityLogicalName: table.logicalName,
		AttributeType: companion ? 'Virtual' : attributeType,
		AttributeTypeName: { Value: `${companion ? 'Virtual' : attributeType}Type` },
		AttributeOf: companion ? column.logicalName.replace(/(yomi)?name$/, '') : null,
		DisplayName: label(column.displayName ?? title(column.logicalName)),
		Description: { LocalizedLabels: [], UserLocalizedLabel: null },
		IsPrimaryId: column.logicalName === table.primaryId,
		IsPrimaryName: column.logicalName === table.primaryName,
		IsValidForCreate: access === 'full' || access === 'insert',
		IsValidForUpdate: access === 'full' || access === 'modify',
		IsValidForRead: true,
		IsValidODataAttribute: !column.hidden,
		IsLogical: companion,
		IsCustomAttribute: /^[a-z]+_/.test(column.logicalName) && !/^(address|billto|shipto)/.test(column.logicalName),
		RequiredLevel: { Value: column.required ? 'SystemRequired' : 'None', CanBeChanged: !column.required, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' }, // prettier-ignore
	};
	if (column.type === 'String' || column.type === 'Memo') json.MaxLength = column.maxLength ?? (column.type === 'Memo' ? 2000 : 100);
	if (column.isLookup) json.Targets = column.targets;
	if (column.type === 'DateTime') {
		json.Format = column.format ?? 'DateAndTime';
		json.DateTimeBehavior = { Value: column.behavior ?? 'UserLocal' };
	}
	if (column.type === 'Money' || column.type === 'Decimal') json.Precision = column.logicalName === 'exchangerate' ? 12 : column.type === 'Money' ? 2 : 10; // prettier-ignore
	if (column.type === 'State' || column.type === 'Status') json.OptionSet = optionSet(table, column);
	if (column.type === 'Picklist') {
		const set = platform.choices.of(table.logicalName, column);
		json.OptionSet = set.isGlobal ? null : choiceJson(set, metadataId(table.logicalName, column.logicalName, 'optionset'));
		json.GlobalOptionSet = set.isGlobal ? choiceJson(set, metadataId('optionset', set.name)) : null;
	}
	if (column.type === 'Boolean')
		json.OptionSet = { TrueOption: { Value: 1, Label: label('Yes') }, FalseOption: { Value: 0, Label: label('No') } };
	return json;
}

/** Navigation properties: shown when expanded only. */
const expandable = new Set(['OptionSet', 'GlobalOptionSet']);

const choiceJson = (set: OptionSet, id: string): Json => ({
	MetadataId: id,
	Name: set.name,
	IsGlobal: set.isGlobal,
	OptionSetType: 'Picklist',
	Options: [...set.published].map(([Value, labels]) => ({ Value, Label: labelIn(labels), Color: null, IsManaged: true })),
});

/** `GlobalOptionSetDefinitions[(Name='…')]`: the choices that columns share. */
export function handleGlobalChoices(platform: Platform, call: Call): SandboxResponse {
	const all = platform.choices.globals().map((set) => choiceJson(set, metadataId('optionset', set.name)));
	const { key } = call.segments[0]!;
	if (key === null) return list(call, 'GlobalOptionSetDefinitions', all.map((set) => shape(set, call.query))); // prettier-ignore
	const name = /^Name='([^']*)'$/.exec(key)?.[1];
	const found = all.find((set) => set.Name === name || set.MetadataId === key.toLowerCase());
	if (!found) throw missing(key);
	return single(call, 'GlobalOptionSetDefinitions', shape(found, call.query));
}

function optionSet(table: Table, column: Column): Json {
	const options = Object.entries(column.options ?? {}).map(([value, text]) => ({
		Value: Number(value),
		...(column.type === 'Status' && { State: Number(Object.entries(table.states?.values ?? {}).find(([, state]) => state.statuses.includes(Number(value)))?.[0] ?? 0) }), // prettier-ignore
		Label: label(text),
		Color: null,
		IsManaged: true,
	}));
	return {
		MetadataId: metadataId(table.logicalName, column.logicalName, 'optionset'),
		Name: `${table.logicalName}_${column.logicalName}`,
		IsGlobal: false,
		OptionSetType: column.type,
		Options: options,
	};
}

function entity(platform: Platform, table: Table, query: QueryOptions): Json {
	const json: Json = {
		MetadataId: metadataId(table.logicalName),
		LogicalName: table.logicalName,
		SchemaName: table.schemaName ?? schemaNameOf(table.logicalName),
		EntitySetName: table.entitySetName,
		LogicalCollectionName: table.entitySetName,
		CollectionSchemaName: schemaNameOf(table.entitySetName),
		PrimaryIdAttribute: table.primaryId,
		PrimaryNameAttribute: table.primaryName,
		DisplayName: label(table.displayName ?? schemaNameOf(table.logicalName)),
		DisplayCollectionName: label(table.displayName ?? schemaNameOf(table.entitySetName)),
		ObjectTypeCode: 10000 + [...platform.model.tables.keys()].indexOf(table.logicalName),
		OwnershipType: table.ownership,
		IsCustomEntity: /^[a-z]+_/.test(table.logicalName),
		IsActivity: table.primaryId === 'activityid',
		ChangeTrackingEnabled: table.changeTracking,
		CanChangeTrackingBeEnabled: { Value: true, CanBeChanged: true, ManagedPropertyLogicalName: 'canchangetrackingbeenabled' },
		IsOptimisticConcurrencyEnabled: table.optimisticConcurrency,
	};
	if (query.expand) for (const item of query.expand) json[item.property] = expanded(platform, table, item);
	return shape(json, query);
}

function expanded(platform: Platform, table: Table, { property, options }: ExpandItem): Json[] {
	const parts = property === 'Attributes' ? [...table.columns.values()].map((column) => attribute(platform, table, column, undefined)) : related(platform, table, property); // prettier-ignore
	if (!parts) throw unknownProperty(property, 'EntityMetadata');
	return parts.filter(filterOf(options)).map((part) => shape(part, options));
}

function related(platform: Platform, table: Table, name: string): Json[] | null {
	const { relationships } = platform.model;
	switch (name) {
		case 'Keys':
			return [...table.keys].map(([key, columns]) => ({
				MetadataId: metadataId(table.logicalName, 'key', key),
				LogicalName: key,
				SchemaName: key,
				EntityLogicalName: table.logicalName,
				KeyAttributes: columns,
				EntityKeyIndexStatus: 'Active',
				DisplayName: label(key),
			}));
		case 'ManyToOneRelationships':
			return relationships.filter((each) => each.referencing === table.logicalName).map(relationshipJson);
		case 'OneToManyRelationships':
			return relationships.filter((each) => each.referenced === table.logicalName).map(relationshipJson);
		case 'ManyToManyRelationships':
			return [];
		default:
			return null;
	}
}

function relationshipJson(relationship: Relationship): Json {
	return {
		'@odata.type': '#Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
		MetadataId: metadataId('relationship', relationship.name),
		SchemaName: relationship.name,
		RelationshipType: 'OneToManyRelationship',
		ReferencedEntity: relationship.referenced,
		ReferencedAttribute: `${relationship.referenced}id`,
		ReferencingEntity: relationship.referencing,
		ReferencingAttribute: relationship.column,
		ReferencingEntityNavigationPropertyName: relationship.navigation,
		ReferencedEntityNavigationPropertyName: relationship.name,
		CascadeConfiguration: { Delete: relationship.onDelete === 'None' ? 'NoCascade' : relationship.onDelete },
	};
}

function filterOf(query: QueryOptions): (part: Json) => boolean {
	if (query.filter === undefined) return () => true;
	try {
		const node = parseFilter(query.filter.replace(/Microsoft\.Dynamics\.CRM\.\w+'/g, "'"), query.aliases);
		return compileFilter<Json>(
			node,
			(part, path) => path.reduce<unknown>((value, name) => (value as Json | undefined)?.[name], part) as FilterValue,
		);
	} catch (error) {
		if (error instanceof FilterSyntaxError) throw new DataverseError(400, '0x0', error.message);
		throw error;
	}
}

/** Applies $select and $expand to one metadata item; MetadataId always stays. */
function shape(part: Json, query: QueryOptions): Json {
	for (const name of ['top', 'orderby', 'count'] as const) {
		if (query[name] !== undefined) throw queryOption(`The query parameter $${name} is not supported for metadata.`);
	}
	const expandedNames = new Set((query.expand ?? []).map((item) => item.property));
	const json: Json = {};
	for (const [name, value] of Object.entries(part)) {
		if (expandable.has(name) && !expandedNames.has(name)) continue;
		const keep = !query.select || query.select.includes(name) || name === 'MetadataId' || name === '@odata.type' || expandedNames.has(name);
		if (keep) json[name] = value;
	}
	for (const name of query.select ?? []) {
		if (!(name in part) && !optional.has(name)) throw unknownProperty(name, 'MetadataBase');
	}
	return json;
}

/** Columns only some types of attributes have. */
const optional = new Set(['MaxLength', 'Targets', 'Format', 'DateTimeBehavior', 'Precision', 'OptionSet', 'GlobalOptionSet']);

const list = (call: Call, what: string, value: Json[]): SandboxResponse =>
	jsonAnswer(200, { '@odata.context': `${call.root}$metadata#${what}`, value });

const single = (call: Call, what: string, value: Json): SandboxResponse =>
	jsonAnswer(200, { '@odata.context': `${call.root}$metadata#${what}/$entity`, ...value });
