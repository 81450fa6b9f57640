import type { Column, Table } from '../model';

export type Aggregation = 'count' | 'countcolumn' | 'sum' | 'avg' | 'min' | 'max';
export type DateGrouping = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** A column of the result. */
export interface Output {
	column: Column;
	/** Alias of the link it belongs to; null: the table itself. */
	link: string | null;
	/** Name in the answer. */
	name: string;
	/** Given by the query; the answer then tells the column's name as an annotation. */
	aliased: boolean;
	aggregate: Aggregation | null;
	distinct: boolean;
	groupBy: boolean;
	dateGrouping: DateGrouping | null;
}

export interface Ordering {
	/** Alias of the link it belongs to; null: the table itself. */
	link: string | null;
	column: Column | null;
	/** Name of an output, in aggregate queries. */
	alias: string | null;
	descending: boolean;
}

export interface Condition {
	/** Alias of a link named by `entityname`; null: the element the filter stands in. */
	link: string | null;
	column: Column;
	operator: string;
	values: string[];
	/** `valueof`: another column to compare with. */
	other: { link: string | null; column: Column } | null;
}

export interface Filter {
	type: 'and' | 'or';
	conditions: Condition[];
	filters: Filter[];
	links: Link[];
}

export type LinkType = 'inner' | 'outer' | 'any' | 'not any' | 'all' | 'not all' | 'exists' | 'in' | 'matchfirstrowusingcrossapply';

export interface Level {
	table: Table;
	filters: Filter[];
	links: Link[];
}

export interface Link extends Level {
	alias: string;
	type: LinkType;
	/** Column of the linked table. */
	from: Column;
	/** Column of the table it hangs on. */
	to: Column;
}

/** A query, read and checked: what FetchXML and SQL both come down to. */
export interface Query extends Level {
	outputs: Output[];
	allColumns: boolean;
	orders: Ordering[];
	aggregate: boolean;
	distinct: boolean;
	top: number | null;
	count: number | null;
	page: number;
	cookie: string | null;
	totalCount: boolean;
}
