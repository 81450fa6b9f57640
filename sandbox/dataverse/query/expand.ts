import type { ExpandItem, QueryOptions } from '../../odata/query';
import type { Call } from '../call';
import { DataverseError, queryOption, unknownProperty } from '../errors';
import { behind, type Behind } from '../collections';
import type { Table } from '../model';
import type { Platform } from '../platform';
import { RowView, targetTable, type JsonRow } from '../rowView';
import type { Row } from '../values';
import { readFilter } from './filter';
import { find, readOrder } from './run';
import { skipToken, withOption } from './pages';
import { pageSize, readSelect } from './select';

const mostExpands = 15;

/** `$expand`: at most 15 in a query; with a nested one, `$top` and `$orderby` inside are refused and children come in pages, too. */
export class Expander {
	private nested = false;

	constructor(
		private readonly platform: Platform,
		private readonly call: Call,
	) {}

	check(table: Table, items: ExpandItem[]): void {
		if (countItems(items) > mostExpands) throw queryOption(`The number of $expand options exceeds the limit of ${mostExpands}.`);
		this.nested = items.some((item) => item.options.expand !== undefined);
		this.checkLevel(table, items);
	}

	private checkLevel(table: Table, items: ExpandItem[]): void {
		for (const { property, ref, options } of items) {
			const single = table.navigation.get(property);
			const collection = behind(this.platform, table, property);
			if (!single && !collection) throw unknownProperty(property, table.logicalName);
			for (const name of foreignOptions(options)) throw queryOption(`The query option ${name} is not supported inside $expand.`);
			if (single && (options.filter !== undefined || options.orderby || options.top !== undefined)) {
				throw new DataverseError(
					400,
					'0x0',
					`The query options $filter, $orderby and $top cannot be applied to the single-valued navigation property '${property}'.`,
				);
			}
			if (ref && collection) throw queryOption('Expand of collection-valued navigation properties with $ref is not supported.');
			if (this.nested && collection && (options.top !== undefined || options.orderby)) {
				throw queryOption('The query options $top and $orderby are not supported together with nested $expand.');
			}
			const target = this.platform.model.table(single ? single.targets[0]! : collection!.table.logicalName);
			// webapi/query/join-tables: nested $expand has no place beside or below many-to-many relationships.
			if (collection?.association && this.nested) {
				throw queryOption(`Nested $expand is not supported together with the many-to-many relationship '${property}'.`);
			}
			readSelect(target, options);
			if (options.expand) this.checkLevel(target, options.expand);
		}
	}

	into(json: JsonRow, table: Table, row: Row, items: ExpandItem[]): void {
		for (const item of items) {
			const single = table.navigation.get(item.property);
			if (single) json[item.property] = this.one(row, single, item);
			else this.many(json, table, row, behind(this.platform, table, item.property)!, item);
		}
	}

	private one(
		row: Row,
		single: { column: Table['columns'] extends Map<string, infer C> ? C : never; targets: string[] },
		item: ExpandItem,
	): JsonRow | null {
		// prettier-ignore
		const id = row[single.column.logicalName];
		const name = targetTable(single.column, row);
		const found = typeof id === 'string' && single.targets.includes(name) ? this.platform.db.row(name, id) : undefined;
		if (!found || this.platform.readable(this.call.session, name)?.(found) === false) return null;
		const table = this.platform.model.table(name);
		if (item.ref) return { '@odata.id': `${this.call.root}${table.entitySetName}(${id as string})` };
		return this.shown(table, found, item);
	}

	private shown(table: Table, row: Row, item: ExpandItem): JsonRow {
		const json = new RowView(
			this.platform,
			table,
			readSelect(table, item.options),
			this.call.prefer.annotations,
			this.platform.hiddenColumns(this.call.session, table),
		).show(row);
		if (item.options.expand) this.into(json, table, row, item.options.expand);
		return json;
	}

	private many(json: JsonRow, parent: Table, row: Row, collection: Behind, item: ExpandItem): void {
		const { options } = item;
		const { table } = collection;
		const id = String(row[parent.primaryId]);
		const within = new Set(collection.ids(id));
		const size = this.nested ? (this.call.prefer.maxPageSize ?? pageSize) : pageSize;
		const found = find(this.platform, table, {
			filter: options.filter === undefined ? null : readFilter(this.platform, table, options.filter, new Map(), this.call.session),
			order: readOrder(this.platform, table, options),
			limit: Math.min(options.top ?? size, size),
			paged: options.top === undefined,
			after: null,
			count: false,
			within,
			readable: this.platform.readable(this.call.session, table.logicalName),
		});
		json[item.property] = found.rows.map((child) => this.shown(table, child, item));
		const query = rawOptions(item);
		const address = `${this.call.root}${parent.entitySetName}(${id})/${item.property}`;
		const next = this.nested && found.next ? withOption(query, '$skiptoken', skipToken(2, found.next, false)) : query;
		// With one level only, the link is there even when all rows were returned.
		if (!this.nested || found.next) json[`${item.property}@odata.nextLink`] = next ? `${address}?${next}` : address;
	}
}

/** Options nothing inside `$expand` knows. */
function foreignOptions(options: QueryOptions): string[] {
	const plain = (['count', 'skip', 'apply', 'skiptoken', 'deltatoken'] as const).filter((name) => options[name] !== undefined);
	return [...plain.map((name) => `$${name}`), ...options.other.keys()];
}

function countItems(items: ExpandItem[]): number {
	return items.reduce((sum, item) => sum + 1 + countItems(item.options.expand ?? []), 0);
}

function rawOptions({ options }: ExpandItem): string {
	const pairs: string[] = [];
	if (options.select) pairs.push(`$select=${options.select.join(',')}`);
	if (options.filter !== undefined) pairs.push(`$filter=${encodeURIComponent(options.filter)}`);
	if (options.orderby) pairs.push(`$orderby=${options.orderby.map(({ path, descending }) => `${path.join('/')}${descending ? ' desc' : ''}`).join(',')}`); // prettier-ignore
	return pairs.join('&');
}
