import { DataverseError } from '../errors';
import type { Column, Table } from '../model';
import type { Platform } from '../platform';
import { operators } from './operators';
import type { Aggregation, Condition, DateGrouping, Filter, Level, Link, LinkType, Ordering, Output, Query } from './query';
import { invalidXml, parseXml, type Element } from './xml';

/** Element → attributes it may carry. Those that only steer the database are let through. */
const known: Record<string, string> = {
	fetch:
		'version mapping output-format top count page paging-cookie returntotalrecordcount aggregate distinct no-lock latematerialize options useraworderby min-active-row-version utc-offset',
	entity: 'name enableprefiltering prefilterparametername',
	attribute: 'name alias aggregate groupby distinct dategrouping usertimezone build addedby rowaggregate',
	'all-attributes': '',
	order: 'attribute alias descending entityname',
	filter: 'type isquickfindfields overridequickfindrecordlimitenabled bypassquickfind hint',
	condition: 'attribute operator value entityname valueof column alias aggregate uiname uitype uihidden',
	value: 'uiname uitype',
	'link-entity': 'name from to alias link-type visible intersect enableprefiltering prefilterparametername',
};
const children: Record<string, string> = {
	fetch: 'entity order',
	entity: 'attribute all-attributes order filter link-entity',
	'link-entity': 'attribute all-attributes order filter link-entity',
	filter: 'condition filter link-entity',
	condition: 'value',
};
const aggregations = new Set(['count', 'countcolumn', 'sum', 'avg', 'min', 'max']);
const groupings = new Set(['day', 'week', 'month', 'quarter', 'year']);
const linkTypes = new Set(['inner', 'outer', 'any', 'not any', 'all', 'not all', 'exists', 'in', 'matchfirstrowusingcrossapply']);

const wrong = (message: string) => new DataverseError(400, '0x80040203', message);

/**
 * Reads a FetchXML query. Throws 400 for elements, attributes, columns and operators that are not known, so that none is ignored.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */
export function parseFetch(platform: Platform, table: Table, text: string): Query {
	const root = parseXml(text);
	if (root.name !== 'fetch') throw invalidXml(`The root element must be 'fetch', not '${root.name}'.`);
	check(root);
	const entities = root.children.filter(({ name }) => name === 'entity');
	if (entities.length !== 1 || root.children.length !== 1) throw invalidXml("The element 'fetch' needs one element 'entity'.");
	const [entity] = entities as [Element];
	if (entity.attributes.name !== table.logicalName) {
		throw wrong(`The entity name '${entity.attributes.name ?? ''}' of the query does not match the entity set '${table.entitySetName}'.`);
	}
	return new Reader(platform, table, root).query(entity);
}

function check(element: Element): void {
	const attributes = known[element.name]!.split(' ');
	for (const name of Object.keys(element.attributes)) if (!attributes.includes(name)) throw invalidXml(`The '${name}' attribute is not declared on '${element.name}'.`); // prettier-ignore
	for (const child of element.children) {
		if (!(children[element.name] ?? '').split(' ').includes(child.name)) throw invalidXml(`The element '${element.name}' has invalid child element '${child.name}'.`); // prettier-ignore
		check(child);
	}
	if (element.name !== 'value' && element.text.trim() !== '') throw invalidXml(`The element '${element.name}' cannot contain text.`);
	for (const name of ['rowaggregate', 'aggregate'] as const) {
		if (element.name === 'condition' && name === 'aggregate' && element.attributes[name])
			throw wrong('Conditions on aggregates are not supported.');
		if (element.name === 'attribute' && name === 'rowaggregate' && element.attributes[name])
			throw wrong("The attribute 'rowaggregate' is not supported here.");
	}
}

const flag = (element: Element, name: string): boolean => {
	const value = element.attributes[name];
	if (value === undefined || value === 'false' || value === '0') return false;
	if (value === 'true' || value === '1') return true;
	throw invalidXml(`The value '${value}' of the attribute '${name}' is not true or false.`);
};

function whole(element: Element, name: string): number | null {
	const value = element.attributes[name];
	if (value === undefined) return null;
	if (!/^\d+$/.test(value) || Number(value) === 0)
		throw invalidXml(`The value '${value}' of the attribute '${name}' is not a positive whole number.`);
	return Number(value);
}

class Reader {
	private readonly outputs: Output[] = [];
	private readonly orders: Ordering[] = [];
	private readonly aliases = new Map<string, Table>();
	/** Conditions and orders may name links that stand further down, so they are read last. */
	private readonly later: Array<() => void> = [];
	private allColumns = false;
	private links = 0;

	constructor(
		private readonly platform: Platform,
		private readonly table: Table,
		private readonly root: Element,
	) {}

	query(entity: Element): Query {
		const { root } = this;
		const aggregate = flag(root, 'aggregate');
		const [top, count, page] = [whole(root, 'top'), whole(root, 'count'), whole(root, 'page')];
		if (top !== null && (count !== null || page !== null)) throw wrong("The attribute 'top' cannot be used with 'count' or 'page'.");
		if (top !== null && top > 5000) throw wrong("The attribute 'top' must not be greater than 5000.");
		const level = this.level(entity, this.table, null, aggregate);
		for (const read of this.later) read();
		if (!aggregate && this.outputs.every(({ link }) => link !== null))
			this.allColumns ||= !entity.children.some(({ name }) => name === 'attribute');
		return {
			...level,
			outputs: this.outputs,
			allColumns: this.allColumns,
			orders: this.orders,
			aggregate,
			distinct: flag(root, 'distinct'),
			top,
			count: count === null ? null : Math.min(count, 5000),
			page: page ?? 1,
			cookie: root.attributes['paging-cookie'] ?? null,
			totalCount: flag(root, 'returntotalrecordcount'),
		};
	}

	private level(element: Element, table: Table, alias: string | null, aggregate: boolean): Level {
		const level: Level = { table, filters: [], links: [] };
		for (const child of element.children) {
			if (child.name === 'attribute') this.outputs.push(this.output(child, table, alias, aggregate));
			else if (child.name === 'all-attributes') this.everything(table, alias);
			else if (child.name === 'order') this.later.push(() => this.orders.push(this.order(child, table, alias, aggregate)));
			else if (child.name === 'filter') this.later.push(() => level.filters.push(this.filter(child, table)));
			else level.links.push(this.link(child, table, aggregate));
		}
		return level;
	}

	private everything(table: Table, link: string | null): void {
		if (link === null) this.allColumns = true;
		else for (const column of table.properties.values()) this.outputs.push(plain(column, link));
	}

	private output(element: Element, table: Table, link: string | null, aggregated: boolean): Output {
		const { name, alias, aggregate, dategrouping } = element.attributes;
		const column = columnOf(table, name);
		if (aggregate !== undefined && !aggregations.has(aggregate)) throw wrong(`The aggregate '${aggregate}' is not supported.`);
		if (dategrouping !== undefined && (!groupings.has(dategrouping) || column.type !== 'DateTime')) throw wrong(`The date grouping '${dategrouping}' is not supported for '${column.logicalName}'.`); // prettier-ignore
		const groupBy = flag(element, 'groupby');
		if (aggregated && !alias) throw wrong(`The attribute '${column.logicalName}' of an aggregate query needs an alias.`);
		if (aggregated && !aggregate && !groupBy)
			throw wrong(`The attribute '${column.logicalName}' of an aggregate query needs 'aggregate' or 'groupby'.`);
		if (!aggregated && (aggregate !== undefined || groupBy))
			throw wrong("'aggregate' and 'groupby' need 'aggregate' on the element 'fetch'.");
		if (aggregate && ['sum', 'avg'].includes(aggregate) && !['Integer', 'BigInt', 'Decimal', 'Double', 'Money'].includes(column.type)) {
			throw wrong(`The aggregate '${aggregate}' is not supported for the attribute '${column.logicalName}' of type ${column.type}.`);
		}
		return {
			column,
			link,
			name: alias ?? nameOf(column, link),
			aliased: alias !== undefined,
			aggregate: (aggregate as Aggregation | undefined) ?? null,
			distinct: flag(element, 'distinct'),
			groupBy,
			dateGrouping: (dategrouping as DateGrouping | undefined) ?? null,
		};
	}

	private order(element: Element, table: Table, link: string | null, aggregate: boolean): Ordering {
		const { attribute, alias, entityname } = element.attributes;
		const descending = flag(element, 'descending');
		if (aggregate) {
			if (!alias || !this.outputs.some(({ name }) => name === alias))
				throw wrong('An order of an aggregate query needs the alias of an attribute.');
			return { link, column: null, alias, descending };
		}
		const place = entityname === undefined ? { table, link } : { table: this.aliased(entityname), link: entityname };
		return { link: place.link, column: columnOf(place.table, attribute), alias: null, descending };
	}

	private filter(element: Element, table: Table): Filter {
		const { type = 'and' } = element.attributes;
		if (type !== 'and' && type !== 'or') throw invalidXml(`The filter type '${type}' is not known.`);
		const filter: Filter = { type, conditions: [], filters: [], links: [] };
		for (const child of element.children) {
			if (child.name === 'condition') filter.conditions.push(this.condition(child, table));
			else if (child.name === 'filter') filter.filters.push(this.filter(child, table));
			else {
				const link = this.link(child, table, false);
				if (!['any', 'not any', 'all', 'not all'].includes(link.type))
					throw wrong(`A link inside a filter must be of type any, not any, all or not all.`);
				filter.links.push(link);
			}
		}
		return filter;
	}

	private condition(element: Element, table: Table): Condition {
		const { attribute, column, operator, value, entityname, valueof } = element.attributes;
		const from = entityname === undefined ? table : this.aliased(entityname);
		const found = columnOf(from, attribute ?? column);
		const values = [...(value === undefined ? [] : [value]), ...element.children.map(({ text }) => text.trim())];
		const known = operators[operator ?? ''];
		if (!known) throw wrong(`The condition operator '${operator ?? ''}' is not supported.`);
		if (valueof === undefined) known.check(found, values);
		else if (!['eq', 'ne', 'neq', 'gt', 'ge', 'lt', 'le'].includes(operator!))
			throw wrong(`The operator '${operator!}' does not compare columns.`);
		const other = valueof === undefined ? null : this.other(valueof, from, entityname ?? null);
		return { link: entityname ?? null, column: found, operator: operator!, values, other };
	}

	private other(text: string, table: Table, link: string | null): { link: string | null; column: Column } {
		const at = text.lastIndexOf('.');
		if (at < 0) return { link, column: columnOf(table, text) };
		const alias = text.slice(0, at);
		return { link: alias, column: columnOf(this.aliased(alias), text.slice(at + 1)) };
	}

	private aliased(alias: string): Table {
		const table = this.aliases.get(alias);
		if (!table) throw wrong(`The entity name or alias '${alias}' is not part of the query.`);
		return table;
	}

	private link(element: Element, parent: Table, aggregate: boolean): Link {
		const { name, from, to, alias } = element.attributes;
		const type = element.attributes['link-type'] ?? 'inner';
		const table = this.platform.model.tables.get(name ?? '');
		if (!table) throw wrong(`The entity with a name = '${name ?? ''}' was not found in the MetadataCache.`);
		if (!linkTypes.has(type)) throw wrong(`The link type '${type}' is not supported.`);
		if (++this.links > 15) throw new DataverseError(400, '0x8004430d', 'Number of link entities in query exceeded maximum limit.');
		if (from === undefined || to === undefined) throw wrong(`The link to '${table.logicalName}' needs 'from' and 'to'.`);
		const own = alias ?? `${table.logicalName}${this.links}`;
		if (this.aliases.has(own)) throw wrong(`The alias '${own}' is used twice.`);
		this.aliases.set(own, table);
		const level = this.level(element, table, own, aggregate);
		const ends = { from: columnOf(table, from), to: columnOf(parent, to) };
		if (!['inner', 'outer', 'matchfirstrowusingcrossapply'].includes(type) && this.outputs.some(({ link }) => link === own)) {
			throw wrong(`A link of type '${type}' returns no columns.`);
		}
		return { ...level, ...ends, alias: own, type: type as LinkType };
	}
}

export const nameOf = (column: Column, link: string | null): string => (link === null ? column.property : `${link}.${column.logicalName}`);

export const plain = (column: Column, link: string | null): Output => ({ column, link, name: nameOf(column, link), aliased: false, aggregate: null, distinct: false, groupBy: false, dateGrouping: null }); // prettier-ignore

/** Columns are named by their logical name. */
export function columnOf(table: Table, name: string | undefined): Column {
	const column = table.columns.get(name ?? '');
	if (!column || (column.hidden && column.type !== 'EntityName')) {
		throw new DataverseError(
			400,
			'0x80041103',
			`'${table.logicalName}' entity doesn't contain attribute with Name = '${name ?? ''}' and NameMapping = 'Logical'.`,
		);
	}
	return column;
}
