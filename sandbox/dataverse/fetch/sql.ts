import { DataverseError } from '../errors';
import type { Table } from '../model';
import type { Platform } from '../platform';
import { operators } from './operators';
import { columnOf, nameOf, plain } from './parse';
import type { Aggregation, Condition, Filter, Level, Link, Output, Query } from './query';

const wrong = (message: string) => new DataverseError(400, '0x80040203', `SQL: ${message}`);

type Token = { kind: 'word' | 'text' | 'number' | 'symbol' | 'end'; text: string };
const pattern = /\s*(?:('(?:[^']|'')*')|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w]*)|(<>|!=|<=|>=|[=<>(),.*;]))/y;
const comparisons: Record<string, string> = { '=': 'eq', '!=': 'ne', '<>': 'ne', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' };
const aggregates: Record<string, Aggregation> = { COUNT: 'countcolumn', SUM: 'sum', AVG: 'avg', MIN: 'min', MAX: 'max' };
const reserved = new Set(['SELECT', 'DISTINCT', 'FROM', 'AS', 'INNER', 'LEFT', 'OUTER', 'JOIN', 'ON', 'WHERE', 'AND', 'OR', 'NOT', 'LIKE', 'IN', 'BETWEEN', 'IS', 'NULL', 'GROUP', 'ORDER', 'BY', 'ASC', 'DESC']); // prettier-ignore

function tokenize(text: string): Token[] {
	const tokens: Token[] = [];
	pattern.lastIndex = 0;
	while (pattern.lastIndex < text.trimEnd().length) {
		const match = pattern.exec(text);
		if (!match) throw wrong(`syntax error after ${tokens.length} tokens.`);
		const [, quoted, number, word, symbol] = match;
		if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.slice(1, -1).replaceAll("''", "'") });
		else if (number !== undefined) tokens.push({ kind: 'number', text: number });
		else if (word !== undefined) tokens.push({ kind: 'word', text: word });
		else tokens.push({ kind: 'symbol', text: symbol! });
	}
	return [...tokens, { kind: 'end', text: '' }];
}

/** A column as written: with the alias of its table, or without. */
interface Name {
	alias: string | null;
	column: string;
}
interface Item {
	name: Name | null;
	aggregate: Aggregation | null;
	distinct: boolean;
	as: string | null;
}

/**
 * Reads the one SELECT of `?sql=`. Throws 400 for what the preview does not support: `*`, TOP, subqueries, expressions, HAVING, other joins.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/sql
 */
export function parseSql(platform: Platform, table: Table, text: string): Query {
	return new Reader(platform, table, tokenize(text)).query();
}

class Reader {
	private at = 0;
	private readonly places = new Map<string, { level: Level; link: string | null }>();

	constructor(
		private readonly platform: Platform,
		private readonly table: Table,
		private readonly tokens: Token[],
	) {}

	query(): Query {
		this.expect('SELECT');
		const distinct = this.take('DISTINCT');
		const items = this.items();
		this.expect('FROM');
		const root: Level = { table: this.table, filters: [], links: [] };
		this.from(root);
		while (this.join());
		if (this.take('WHERE')) root.filters.push(this.or());
		const groups = this.take('GROUP') ? (this.expect('BY'), this.names()) : [];
		const aggregate = groups.length > 0 || items.some((item) => item.aggregate !== null);
		const outputs = items.map((item) => this.output(item, groups, aggregate));
		const orders = this.take('ORDER') ? (this.expect('BY'), this.orders(outputs, aggregate)) : [];
		this.takeSymbol(';');
		if (this.token.kind !== 'end') throw wrong(`'${this.token.text}' is not supported.`);
		return {
			...root,
			outputs,
			allColumns: false,
			orders,
			aggregate,
			distinct,
			top: null,
			count: null,
			page: 1,
			cookie: null,
			totalCount: false,
		};
	}

	private get token(): Token {
		return this.tokens[this.at]!;
	}

	private take(word: string): boolean {
		if (this.token.kind !== 'word' || this.token.text.toUpperCase() !== word) return false;
		this.at++;
		return true;
	}

	private takeSymbol(text: string): boolean {
		if (this.token.kind !== 'symbol' || this.token.text !== text) return false;
		this.at++;
		return true;
	}

	private expect(word: string): void {
		if (!this.take(word)) throw wrong(`${word} was expected, not '${this.token.text}'.`);
	}

	private symbol(text: string): void {
		if (!this.takeSymbol(text)) throw wrong(`'${text}' was expected, not '${this.token.text}'.`);
	}

	private word(): string {
		const { kind, text } = this.token;
		if (kind !== 'word' || reserved.has(text.toUpperCase())) throw wrong(`a name was expected, not '${text}'.`);
		this.at++;
		return text.toLowerCase();
	}

	private name(): Name {
		const first = this.word();
		return this.takeSymbol('.') ? { alias: first, column: this.word() } : { alias: null, column: first };
	}

	private names(): Name[] {
		const names = [this.name()];
		while (this.takeSymbol(',')) names.push(this.name());
		return names;
	}

	private items(): Item[] {
		const items: Item[] = [];
		do {
			const { kind, text } = this.token;
			const aggregate = kind === 'word' && this.tokens[this.at + 1]?.text === '(' ? aggregates[text.toUpperCase()] : undefined;
			if (text === '*') throw wrong('SELECT * is not supported.');
			if (aggregate) items.push(this.aggregate(aggregate));
			else items.push({ name: this.name(), aggregate: null, distinct: false, as: this.as() });
		} while (this.takeSymbol(','));
		return items;
	}

	private aggregate(aggregate: Aggregation): Item {
		this.at += 2;
		const every = aggregate === 'countcolumn' && this.takeSymbol('*');
		const distinct = !every && this.take('DISTINCT');
		const name = every ? null : this.name();
		this.symbol(')');
		return { name, aggregate: every ? 'count' : aggregate, distinct, as: this.as() };
	}

	private as(): string | null {
		return this.take('AS') ? this.word() : null;
	}

	private alias(table: string): string {
		if (this.take('AS')) return this.word();
		return this.token.kind === 'word' && !reserved.has(this.token.text.toUpperCase()) ? this.word() : table;
	}

	private from(root: Level): void {
		const name = this.word();
		if (name !== this.table.logicalName) throw wrong(`the table '${name}' does not match the entity set '${this.table.entitySetName}'.`);
		this.places.set(this.alias(name), { level: root, link: null });
	}

	private join(): boolean {
		const outer = this.take('LEFT');
		if (outer) this.take('OUTER');
		else this.take('INNER');
		if (!this.take('JOIN')) {
			if (outer) throw wrong('JOIN was expected.');
			return false;
		}
		const name = this.word();
		const table = this.platform.model.tables.get(name);
		if (!table) throw wrong(`the table '${name}' was not found.`);
		const alias = this.alias(name);
		const link: Link = {
			table,
			filters: [],
			links: [],
			alias,
			type: outer ? 'outer' : 'inner',
			from: columnOf(table, table.primaryId),
			to: columnOf(table, table.primaryId),
		};
		this.places.set(alias, { level: link, link: alias });
		this.expect('ON');
		const [left, , right] = [this.name(), this.symbol('='), this.name()];
		const [own, other] = left.alias === alias ? [left, right] : [right, left];
		const parent = other.alias === null ? undefined : this.places.get(other.alias);
		if (own.alias !== alias || !parent || other.alias === alias)
			throw wrong(`ON must compare a column of '${alias}' with one of an earlier table.`);
		link.from = columnOf(table, own.column);
		link.to = columnOf(parent.level.table, other.column);
		parent.level.links.push(link);
		return true;
	}

	private place({ alias, column }: Name): { level: Level; link: string | null } {
		const found =
			alias === null ? [...this.places.values()].filter(({ level }) => level.table.columns.has(column)) : [this.places.get(alias)];
		if (!found[0]) throw wrong(`the column '${alias === null ? column : `${alias}.${column}`}' was not found.`);
		if (found.length > 1) throw wrong(`the column '${column}' is ambiguous.`);
		return found[0];
	}

	private or(): Filter {
		const filters = [this.and()];
		while (this.take('OR')) filters.push(this.and());
		return { type: 'or', conditions: [], filters, links: [] };
	}

	private and(): Filter {
		const filter: Filter = { type: 'and', conditions: [], filters: [], links: [] };
		do {
			if (this.takeSymbol('(')) {
				filter.filters.push(this.or());
				this.symbol(')');
			} else filter.conditions.push(this.condition());
		} while (this.take('AND'));
		return filter;
	}

	private condition(): Condition {
		if (this.token.kind !== 'word') throw wrong('a condition must begin with a column.');
		const name = this.name();
		const { level, link } = this.place(name);
		const column = columnOf(level.table, name.column);
		const { operator, values } = this.comparison();
		operators[operator]!.check(column, values);
		return { link, column, operator, values, other: null };
	}

	private comparison(): { operator: string; values: string[] } {
		if (this.take('IS')) {
			const not = this.take('NOT');
			this.expect('NULL');
			return { operator: not ? 'not-null' : 'null', values: [] };
		}
		const not = this.take('NOT');
		if (this.take('LIKE')) return { operator: not ? 'not-like' : 'like', values: [this.literal()] };
		if (this.take('IN')) {
			this.symbol('(');
			const values = [this.literal()];
			while (this.takeSymbol(',')) values.push(this.literal());
			this.symbol(')');
			return { operator: not ? 'not-in' : 'in', values };
		}
		if (this.take('BETWEEN')) {
			const low = this.literal();
			this.expect('AND');
			return { operator: not ? 'not-between' : 'between', values: [low, this.literal()] };
		}
		const operator = not ? undefined : comparisons[this.token.text];
		if (!operator) throw wrong(`'${this.token.text}' is no comparison that is supported.`);
		this.at++;
		return { operator, values: [this.literal()] };
	}

	private literal(): string {
		const { kind, text } = this.token;
		if (kind !== 'text' && kind !== 'number') throw wrong(`a literal was expected, not '${text}'.`);
		this.at++;
		return text;
	}

	private output({ name, aggregate, distinct, as }: Item, groups: Name[], aggregated: boolean): Output {
		const place = name === null ? { level: { table: this.table }, link: null } : this.place(name);
		const column = columnOf(place.level.table, name?.column ?? this.table.primaryId);
		const groupBy =
			name !== null && aggregate === null && groups.some((each) => each.column === name.column && this.place(each).link === place.link);
		if (aggregated && aggregate === null && !groupBy) throw wrong(`the column '${column.logicalName}' is neither grouped nor aggregated.`);
		const plainName = aggregate ? `${aggregate}_${column.logicalName}` : nameOf(column, place.link);
		return { ...plain(column, place.link), name: as ?? plainName, aliased: as !== null, aggregate, distinct, groupBy };
	}

	private orders(outputs: Output[], aggregate: boolean): Query['orders'] {
		const orders: Query['orders'] = [];
		do {
			const name = this.name();
			const descending = this.take('DESC');
			if (!descending) this.take('ASC');
			const output = outputs.find(
				(each) =>
					(name.alias === null && each.name === name.column) ||
					(each.column.logicalName === name.column && this.place(name).link === each.link),
			);
			if (aggregate) {
				if (!output) throw wrong(`ORDER BY '${name.column}' is not among the columns.`);
				orders.push({ link: null, column: null, alias: output.name, descending });
			} else {
				const place = output && name.alias === null && output.name === name.column ? { link: output.link, column: output.column } : null;
				const found = place ?? { link: this.place(name).link, column: columnOf(this.place(name).level.table, name.column) };
				orders.push({ ...found, alias: null, descending });
			}
		} while (this.takeSymbol(','));
		return orders;
	}
}
