import type { Session } from '../environment';
import { DataverseError } from '../errors';
import type { Column, Table } from '../model';
import type { Platform } from '../platform';
import { columnValue, type Row, type Value } from '../values';
import { comparable, operators } from './operators';
import type { Condition, Filter, Level, Link, Query } from './query';

/** One row of the result: the row of each element by alias, null where an outer link found none; '' is the table itself. */
export type Combination = Map<string, Row | null>;

export const keyOf = (link: string | null): string => link ?? '';

/** More than this many rows cannot be aggregated. */
const aggregateLimit = 50_000;
/** Rows simple paging reaches. */
export const simplePagingLimit = 50_000;

/** Finds the combinations of rows a query asks for, unordered. */
export class Finder {
	private readonly hidden = new Map<string, ReadonlySet<string>>();
	private readonly scopes = new Map<string, ((row: Row) => boolean) | null>();
	private readonly teams: string[];
	private readonly businessUnit: string;

	constructor(
		private readonly platform: Platform,
		private readonly session: Session,
	) {
		this.teams = platform.teamsOf(session.user);
		this.businessUnit = String(platform.db.row('systemuser', session.user)?.businessunitid ?? platform.environment.businessUnitId);
	}

	find(query: Query): Combination[] {
		this.demand(query);
		const found: Combination[] = [];
		for (const row of this.candidates(query)) {
			if (!this.readable(query.table, row)) continue;
			const start: Combination = new Map([['', row]]);
			for (const combination of this.linked(query, start, row)) {
				if (!query.filters.every((filter) => this.filter(filter, combination, query.table, row))) continue;
				found.push(combination);
				if (query.aggregate && found.length > aggregateLimit) {
					throw new DataverseError(400, '0x8004e023', 'The maximum record limit is exceeded. Reduce the number of records.');
				}
			}
		}
		return found;
	}

	/** Value of a column as the session may see it. */
	value(table: Table, column: Column, row: Row | null | undefined): Value {
		if (!row) return null;
		let hidden = this.hidden.get(table.logicalName);
		if (!hidden) this.hidden.set(table.logicalName, (hidden = this.platform.hiddenColumns(this.session, table)));
		return hidden.has(column.logicalName) ? null : columnValue(column, row);
	}

	private readable(table: Table, row: Row): boolean {
		let scope = this.scopes.get(table.logicalName);
		if (scope === undefined) this.scopes.set(table.logicalName, (scope = this.platform.readable(this.session, table.logicalName)));
		return scope?.(row) ?? true;
	}

	private demand(level: Level): void {
		this.platform.demand(this.session, 'Read', level.table.logicalName);
		const inFilters = (filter: Filter): Link[] => [...filter.links, ...filter.filters.flatMap(inFilters)];
		for (const link of [...level.links, ...level.filters.flatMap(inFilters)]) this.demand(link);
	}

	/** Rows of the table itself; an equality with an index narrows them. */
	private *candidates({ table, filters }: Level): Generator<Row> {
		const store = this.platform.db.store(table.logicalName);
		const narrow = filters
			.filter(({ type }) => type === 'and')
			.flatMap(({ conditions }) => conditions)
			.find(indexed);
		if (!narrow) return yield* store.rows.values();
		const ids = new Set<string>();
		for (const value of narrow.values) {
			const key = value.replace(/^\{|\}$/g, '');
			if (narrow.column.logicalName === table.primaryId) ids.add(key.toLowerCase());
			else for (const id of store.having(narrow.column.logicalName, key)) ids.add(id);
		}
		for (const id of ids) {
			const row = store.rows.get(id);
			if (row) yield row;
		}
	}

	private *linked(level: Level, combination: Combination, row: Row): Generator<Combination> {
		const [link, ...rest] = level.links;
		if (!link) return yield combination;
		for (const extended of this.follow(link, level.table, combination, row)) yield* this.linked({ ...level, links: rest }, extended, row);
	}

	private *follow(link: Link, parent: Table, combination: Combination, row: Row): Generator<Combination> {
		const found = this.matches(link, parent, combination, row);
		switch (link.type) {
			case 'inner':
				return yield* found;
			case 'matchfirstrowusingcrossapply': {
				const [first] = found;
				if (first) yield first;
				return;
			}
			case 'outer': {
				let any = false;
				for (const each of found) {
					any = true;
					yield each;
				}
				if (!any) yield new Map([...combination, ...namesOf(link).map((name) => [name, null] as const)]);
				return;
			}
			default:
				if (this.holds(link, parent, combination, row)) yield combination;
		}
	}

	/** Links that only ask whether there are rows. */
	private holds(link: Link, parent: Table, combination: Combination, row: Row): boolean {
		if (link.type === 'all') {
			// Documented this way round: there are related rows and none of them passes the filter. `not all` is another word for `any`.
			const related = !this.matches({ ...link, filters: [] }, parent, combination, row).next().done;
			return related && this.matches(link, parent, combination, row).next().done === true;
		}
		const any = !this.matches(link, parent, combination, row).next().done;
		return link.type === 'not any' ? !any : any;
	}

	private *matches(link: Link, parent: Table, combination: Combination, row: Row): Generator<Combination> {
		const value = this.value(parent, link.to, row);
		if (value === null) return;
		const store = this.platform.db.store(link.table.logicalName);
		const ids = link.from.logicalName === link.table.primaryId ? [String(value)] : store.having(link.from.logicalName, value);
		for (const id of ids) {
			const other = store.rows.get(id);
			if (!other || !this.readable(link.table, other)) continue;
			const extended: Combination = new Map(combination).set(link.alias, other);
			for (const inner of this.linked(link, extended, other)) {
				if (link.filters.every((filter) => this.filter(filter, inner, link.table, other))) yield inner;
			}
		}
	}

	private filter(filter: Filter, combination: Combination, table: Table, row: Row): boolean {
		const tests = [
			...filter.conditions.map((condition) => () => this.condition(condition, combination, table, row)),
			...filter.filters.map((inner) => () => this.filter(inner, combination, table, row)),
			...filter.links.map((link) => () => this.holds(link, table, combination, row)),
		];
		if (tests.length === 0) return true;
		return filter.type === 'and' ? tests.every((test) => test()) : tests.some((test) => test());
	}

	private condition(condition: Condition, combination: Combination, table: Table, row: Row): boolean {
		const { column, operator, values, other, link } = condition;
		const value = this.value(table, column, link === null ? row : combination.get(link));
		if (other) {
			const right = this.value(table, other.column, other.link === null ? row : combination.get(other.link));
			return compared(operator, comparable(column, value), comparable(other.column, right));
		}
		const { session, teams, businessUnit } = this;
		return operators[operator]!.test({ value, values, column, user: session.user, now: this.platform.clock(), teams, businessUnit });
	}
}

function compared(operator: string, a: string | number | boolean | null, b: string | number | boolean | null): boolean {
	if (operator === 'ne' || operator === 'neq') return a !== b;
	if (a === null || b === null) return false;
	return { eq: a === b, gt: a > b, ge: a >= b, lt: a < b, le: a <= b }[operator]!;
}

const indexed = ({ operator, column, link, other }: Condition): boolean =>
	link === null &&
	other === null &&
	['eq', 'in'].includes(operator) &&
	(column.isLookup || column.type === 'String' || column.type === 'Uniqueidentifier');

const namesOf = (link: Link): string[] => [link.alias, ...link.links.flatMap(namesOf)];
