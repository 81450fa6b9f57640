import type { Call } from './call';
import { isPrincipal, typeKey, type Column, type Table } from './model';
import type { Platform } from './platform';
import { wireValue, type RawNumber, type Row, type Value } from './values';

export type JsonRow = Record<string, unknown>;

export const etagOf = (row: Row): string => `W/"${String(row.versionnumber)}"`;

/** Columns a row is shown with: those selected, or all of the model. Money brings its currency along. */
export function shownColumns(table: Table, select: Column[] | null): Column[] {
	if (!select) return [...table.properties.values()];
	const columns = new Set<Column>([...select, table.columns.get(table.primaryId)!]);
	if (select.some((column) => column.type === 'Money')) {
		const currency = table.columns.get('transactioncurrencyid');
		if (currency && !currency.hidden) columns.add(currency);
	}
	return [...columns];
}

/** Shows stored rows as JSON, with the annotations asked for. */
export class RowView {
	private readonly columns: Column[];
	private readonly formatted: boolean;
	private readonly lookupName: boolean;
	private readonly navigation: boolean;

	constructor(
		private readonly platform: Platform,
		private readonly table: Table,
		select: Column[] | null,
		annotations: string[],
		/** Secured columns whose values the reader gets as null. */
		private readonly hidden: ReadonlySet<string>,
	) {
		this.columns = shownColumns(table, select);
		this.formatted = wanted(annotations, 'OData.Community.Display.V1.FormattedValue');
		this.lookupName = wanted(annotations, 'Microsoft.Dynamics.CRM.lookuplogicalname');
		this.navigation = wanted(annotations, 'Microsoft.Dynamics.CRM.associatednavigationproperty');
	}

	show(row: Row): JsonRow {
		const json: JsonRow = { '@odata.etag': etagOf(row) };
		for (const column of this.columns) {
			const value = this.hidden.has(column.logicalName) ? null : wireValue(column, row[column.logicalName]);
			if (value !== null && (this.formatted || this.lookupName || this.navigation)) this.annotate(json, column, row, value);
			json[column.property] = value;
		}
		if (isPrincipal(this.table)) json.ownerid ??= row[this.table.primaryId];
		return json;
	}

	private annotate(json: JsonRow, column: Column, row: Row, value: Value | RawNumber): void {
		const target = column.isLookup ? targetTable(column, row) : null;
		if (this.formatted) {
			const text = formattedValue(this.platform, column, row, value, target);
			if (text !== null) json[`${column.property}@OData.Community.Display.V1.FormattedValue`] = text;
		}
		if (!target) return;
		const navigation = column.navigation?.[target];
		if (this.navigation && navigation) json[`${column.property}@Microsoft.Dynamics.CRM.associatednavigationproperty`] = navigation;
		if (this.lookupName) json[`${column.property}@Microsoft.Dynamics.CRM.lookuplogicalname`] = target;
	}
}

/** Table a row's lookup points to. */
export function targetTable(column: Column, row: Row): string {
	return column.polymorphic ? String(row[typeKey(column.logicalName)] ?? column.targets![0]) : column.targets![0]!;
}

/** Whether one of the patterns (`*` as wildcard) of include-annotations covers an annotation. */
export function wanted(patterns: string[], annotation: string): boolean {
	return patterns.some(
		(pattern) => pattern === '*' || pattern === annotation || (pattern.endsWith('*') && annotation.startsWith(pattern.slice(0, -1))),
	);
}

export function formattedValue(
	platform: Platform,
	column: Column,
	row: Row,
	value: Value | RawNumber,
	target: string | null,
): string | null {
	const stored = row[column.logicalName] ?? value;
	switch (column.type) {
		case 'Picklist':
		case 'State':
		case 'Status':
			return column.options?.[String(stored)] ?? String(stored);
		case 'Boolean':
			return stored === true ? 'Yes' : 'No';
		case 'Integer':
		case 'BigInt':
			return Number(stored).toLocaleString('en-US');
		case 'Decimal':
		case 'Double':
			return Number(stored).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 10 });
		case 'Money': {
			const symbol = platform.db.row('transactioncurrency', String(row.transactioncurrencyid))?.currencysymbol ?? '';
			return `${String(symbol)}${Number(stored).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 4 })}`;
		}
		case 'DateTime':
			return new Date(String(stored)).toLocaleString('en-US', column.format === 'DateOnly' ? { dateStyle: 'short', timeZone: 'UTC' } : { dateStyle: 'short', timeStyle: 'short', timeZone: 'UTC' }); // prettier-ignore
		case 'Lookup':
		case 'Customer':
		case 'Owner': {
			if (!target || !platform.model.tables.has(target)) return null;
			const name = platform.db.row(target, String(stored))?.[platform.model.table(target).primaryName];
			return name === undefined || name === null ? null : String(name);
		}
		default:
			return null;
	}
}

/** Context of a single row or a list, e.g. `…/$metadata#accounts(name)/$entity`. */
export function contextUrl(call: Pick<Call, 'root'>, table: Table, select: Column[] | null, single: boolean): string {
	const columns = select ? `(${select.map((column) => column.property).join(',')})` : '';
	return `${call.root}$metadata#${table.entitySetName}${columns}${single ? '/$entity' : ''}`;
}
