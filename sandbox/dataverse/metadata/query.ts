import { compileFilter, FilterSyntaxError, parseFilter, type FilterNode, type FilterValue, type Operand } from '../../odata/filter';
import type { QueryOptions } from '../../odata/query';
import { DataverseError, queryOption, unknownProperty } from '../errors';
import type { Json } from './labels';

/** What may be said about a kind of metadata item. */
export interface Kind {
	/** Name of the type in messages, without namespace. */
	type: string;
	properties: ReadonlySet<string>;
	/** Navigation properties `$expand` knows, with what may be said about their items; null: one item, not a list. */
	expandable: Record<string, Kind | null>;
}

/** Property → enum type. Literals of enums carry the type's name, and only those compare with it. */
const enums: Record<string, string> = {
	OwnershipType: 'OwnershipTypes',
	AttributeType: 'AttributeTypeCode',
	RelationshipType: 'RelationshipType',
	EntityKeyIndexStatus: 'EntityKeyIndexStatus',
	OptionSetType: 'OptionSetType',
	SecurityTypes: 'SecurityTypes',
	ImeMode: 'ImeMode',
	'RequiredLevel/Value': 'AttributeRequiredLevel',
	'CascadeConfiguration/Delete': 'CascadeType',
};

/**
 * `$filter` on metadata items: primitive properties, enums with the name of their type, complex properties by the path to their value. No functions.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
 */
export function metadataFilter(kind: Kind, { filter, aliases }: QueryOptions): (item: Json) => boolean {
	if (filter === undefined) return () => true;
	try {
		const node = parseFilter(filter, aliases);
		check(kind, node);
		return compileFilter<Json>(node, valueAt);
	} catch (error) {
		if (error instanceof FilterSyntaxError) throw new DataverseError(400, '0x0', error.message);
		throw error;
	}
}

function valueAt(item: Json, path: readonly string[]): FilterValue {
	return (path.reduce<unknown>((found, name) => (found as Json | null | undefined)?.[name], item) ?? null) as FilterValue;
}

function check(kind: Kind, node: FilterNode): void {
	switch (node.kind) {
		case 'and':
		case 'or':
			for (const each of node.operands) check(kind, each);
			return;
		case 'not':
			return check(kind, node.operand);
		case 'comparison': {
			const [left, right] = [typeOf(kind, node.left), typeOf(kind, node.right)];
			if (left === null || right === null || left === right) return;
			const names: Record<string, string> = { eq: 'Equal', ne: 'NotEqual', gt: 'GreaterThan', ge: 'GreaterThanOrEqual', lt: 'LessThan', le: 'LessThanOrEqual' }; // prettier-ignore
			throw new DataverseError(400, '0x0', `A binary operator with incompatible types was detected. Found operand types '${left}' and '${right}' for operator kind '${names[node.operator]!}'.`); // prettier-ignore
		}
		case 'truth':
			typeOf(kind, node.operand);
			return;
		default:
			throw queryOption(`The query node ${node.kind === 'lambda' ? 'Any' : 'SingleValueFunctionCall'} is not supported.`);
	}
}

/** `Edm.String`, an enum, …; null: fits everything. */
function typeOf(kind: Kind, operand: Operand): string | null {
	if (operand.kind === 'call') throw queryOption('The query node SingleValueFunctionCall is not supported.');
	if (operand.kind === 'literal') {
		const { literal } = operand;
		if (literal.type === 'enum') return literal.enumType;
		return { boolean: 'Edm.Boolean', string: 'Edm.String', number: 'Edm.Int32' }[literal.type as string] ?? null;
	}
	const path = operand.path.join('/');
	const [first] = operand.path;
	if (!first || !kind.properties.has(first)) throw unknownProperty(first ?? '', kind.type);
	if (enums[path]) return `Microsoft.Dynamics.CRM.${enums[path]}`;
	if (/Label$|^(DisplayName|Description|DisplayCollectionName)$/.test(first)) {
		throw queryOption(`The property '${first}' of type 'Microsoft.Dynamics.CRM.Label' cannot be used in $filter.`);
	}
	if (/(Id|On)$/.test(path)) return null;
	if (/(^|\/)(Is|Has|Can|Auto|Change|Sync|Enforce|Uses|Entity\w+Enabled)/.test(path)) return 'Edm.Boolean';
	return /(Name|Attribute|Entity|SetName|TableType)$/.test(path) ? 'Edm.String' : null;
}

/** Applies `$select` and `$expand` to one metadata item; MetadataId always stays. Options that metadata does not know were refused before. */
export function shape(kind: Kind, item: Json, query: QueryOptions): Json {
	for (const name of query.select ?? []) if (!kind.properties.has(name)) throw unknownProperty(name, kind.type);
	const expanded = new Map((query.expand ?? []).map((each) => [each.property, each.options]));
	for (const name of expanded.keys()) if (!(name in kind.expandable)) throw unknownProperty(name, kind.type);
	const json: Json = {};
	// Lists have hundreds of items with dozens of properties each, most of which are not asked for.
	const selected = query.select && new Set([...query.select, 'MetadataId', '@odata.type']);
	for (const name in item) if ((!selected || selected.has(name)) && !(name in kind.expandable)) json[name] = item[name];
	for (const [name, options] of expanded) {
		const inner = kind.expandable[name];
		const value = item[name];
		if (inner && Array.isArray(value)) {
			json[name] = (value as Json[]).filter(metadataFilter(inner, options)).map((each) => shape(inner, each, options));
		} else json[name] = inner === null ? picked(value, options.select) : value;
	}
	return json;
}

/** One expanded item cut down to what `$select` names. */
export function picked(value: unknown, select: string[] | undefined): unknown {
	if (typeof value !== 'object' || value === null || !select) return value ?? null;
	const item = value as Json;
	for (const name of select) if (!(name in item)) throw unknownProperty(name, 'OptionSetMetadata');
	return Object.fromEntries(Object.entries(item).filter(([name]) => select.includes(name) || name === 'MetadataId'));
}
