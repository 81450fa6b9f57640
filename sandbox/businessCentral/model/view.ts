import type { CompanyData } from '../data/companyData';
import type { Row, Value } from '../data/row';
import { zeroGuid } from '../data/row';

export type Kind = 'text' | 'code' | 'guid' | 'decimal' | 'integer' | 'boolean' | 'date' | 'dateTime' | 'enum' | 'option' | 'stream';

/** One property of an entity set or page and the field behind it. */
export interface Property {
	name: string;
	kind: Kind;
	/** As $metadata names it, e.g. Edm.String or Microsoft.NAV.contactType. */
	edmType: string;
	maxLength: number | null;
	readOnly: boolean;
	/** Bound to a page variable: not usable in $filter and $orderby. */
	computed: boolean;
	/** FlowField: calculated at read time. */
	flow: boolean;
	/** FlowFilter of a page, or filter element of a query: narrows what FlowFields are calculated from, and holds nothing itself. */
	filterOnly?: boolean;
	/** AL field name; for computed ones a name of our own. */
	field: string;
	/** AL member names, in order of their ordinals. */
	members: readonly string[];
}

export interface Navigation {
	name: string;
	/** Entity set. */
	target: string;
	many: boolean;
	/** Between API pages of an extension: the page it leads to, and the fields of its rows with the fields of this one they equal. */
	page?: { view: View; link: Readonly<Record<string, string>> };
}

/** An entity set of API v2.0 or a page published under ODataV4: a way to look at one table. */
export interface View {
	service: 'api' | 'odata';
	name: string;
	/** Type name without namespace. */
	entityName: string;
	pageId: number | null;
	table: string;
	tableNo: number;
	key: readonly Property[];
	insert: boolean;
	modify: boolean;
	delete: boolean;
	required: readonly string[];
	/** An id sent with POST is kept (items only). */
	keepsId: boolean;
	/** In Microsoft's list of webhook resources. */
	webhook: boolean;
	properties: readonly Property[];
	byName: ReadonlyMap<string, Property>;
	/** By name in lower case: $select ignores case on SaaS. */
	byLowerName: ReadonlyMap<string, Property>;
	navigation: readonly Navigation[];
	actions: readonly string[];
	/** Values the rows of this view have in common, e.g. Document Type = Order. Written on insert. */
	constants: Readonly<Record<string, readonly string[]>>;
	/** A page of an extension: the code of Microsoft's pages is not behind it, whatever its name. */
	custom?: boolean;
	/** An API query: its rows are no records, they have no etag. */
	query?: boolean;
	/** How some of its properties are read within FlowFilters, by name. */
	reads?: ReadonlyMap<string, (row: Row, company: CompanyData) => Value>;
}

export const typeName = (view: View): string => `${view.service === 'api' ? 'Microsoft.NAV' : 'NAV'}.${view.entityName}`;

/** The view with fewer properties, or with others' names. */
export function reshaped(view: View, without: readonly string[], renamed: Readonly<Record<string, string>>): View {
	const properties = view.properties
		.filter(({ name }) => !without.includes(name))
		.map((property) => ({ ...property, name: renamed[property.name] ?? property.name }));
	return {
		...view,
		properties,
		byName: new Map(properties.map((one) => [one.name, one])),
		byLowerName: new Map(properties.map((one) => [one.name.toLowerCase(), one])),
	};
}

/** What BC shows for a field that holds nothing: a blank text, the zero GUID, the date 0001-01-01; never null. */
export function blankOf(property: Property): Value {
	switch (property.kind) {
		case 'guid':
			return zeroGuid;
		case 'decimal':
		case 'integer':
			return 0;
		case 'boolean':
			return false;
		case 'date':
			return '0001-01-01';
		case 'dateTime':
			return '0001-01-01T00:00:00Z';
		case 'enum':
		case 'option':
			return property.members[0] ?? '';
		default:
			return '';
	}
}

/** Whether the row belongs to the view. */
export function shows(view: View, row: Row): boolean {
	for (const [field, values] of Object.entries(view.constants)) {
		if (!values.includes(String(row.fields[field] ?? ''))) return false;
	}
	return true;
}
