import { compareValues, type Literal, type ServiceFunctionNode } from '../../odata/filter';
import { DataverseError, unknownProperty } from '../errors';
import type { Column, Table } from '../model';
import type { Platform } from '../platform';
import { columnValue, type Row, type Value } from '../values';

type Test = (row: Row) => boolean;
interface Use {
	read: (row: Row) => Value;
	column: Column;
	values: Literal[];
	user: string;
	/** Service time, epoch milliseconds. */
	now: () => number;
}

const day = 86_400_000;
const unitMs: Record<string, number> = { Minutes: 60_000, Hours: 3_600_000, Days: day, Weeks: 7 * day };

/** `Microsoft.Dynamics.CRM.X(...)` of a filter as a predicate. Throws 400 for unknown columns and functions. */
export function serviceFunction(platform: Platform, table: Table, node: ServiceFunctionNode, user: string): Test {
	const name = node.args.PropertyName;
	if (!name || Array.isArray(name) || typeof name.value !== 'string') throw wrong(node.name);
	const column = table.properties.get(name.value) ?? lookupNamed(table, name.value);
	if (!column) throw unknownProperty(name.value, table.logicalName);
	const raw = node.args.PropertyValues ?? node.args.PropertyValue ?? [];
	const use: Use = {
		column,
		values: Array.isArray(raw) ? raw : [raw],
		user,
		now: () => platform.clock(),
		read: (row) => columnValue(column, row),
	};
	const test = (fixed[node.name] ?? timed)(use, node.name);
	if (!test) throw wrong(node.name);
	return test;
}

function lookupNamed(table: Table, name: string): Column | undefined {
	const column = table.columns.get(name);
	return column && !column.hidden ? column : undefined;
}

const wrong = (name: string) => new DataverseError(400, '0x80060888', `The function 'Microsoft.Dynamics.CRM.${name}' is not supported here or its parameters are not valid.`); // prettier-ignore

function compared(use: Use, row: Row, operator: 'eq' | 'ge' | 'le', literal: Literal): boolean {
	const value = use.read(row);
	if (value === null) return false;
	const dated = use.column.type === 'DateTime';
	const numeric = typeof value === 'number';
	const other = numeric ? Number(literal.value) : typeof value === 'boolean' ? String(literal.value) === 'true' : String(literal.value);
	return compareValues(operator, value, other, dated ? 'datetime' : numeric ? 'number' : 'string', true);
}

/** Start of the UTC day of a time. */
const dayOf = (epochMs: number) => epochMs - (epochMs % day);
const at = (value: Value) => (typeof value === 'string' ? Date.parse(value) : Number.NaN);
const within = (use: Use, from: (now: number) => number, to: (now: number) => number): Test => {
	return (row) => {
		const now = use.now();
		const time = at(use.read(row));
		return time >= from(now) && time < to(now);
	};
};

const one = (use: Use): Literal | null => (use.values.length === 1 ? use.values[0]! : null);

function dates(use: Use, test: (time: number, from: number, to: number) => boolean): Test | null {
	const literal = one(use);
	if (!literal) return null;
	const from = dayOf(Date.parse(String(literal.value)));
	return Number.isNaN(from) ? null : (row) => test(at(use.read(row)), from, from + day);
}

const fixed: Record<string, (use: Use) => Test | null> = {
	In: (use) => {
		const set = new Set(use.values.map((literal) => String(literal.value).toLowerCase()));
		return (row) => set.has(String(use.read(row) ?? '').toLowerCase());
	},
	NotIn: (use) => {
		const set = new Set(use.values.map((literal) => String(literal.value).toLowerCase()));
		return (row) => use.read(row) !== null && !set.has(String(use.read(row)).toLowerCase());
	},
	Between: (use) => between(use, true),
	NotBetween: (use) => between(use, false),
	On: (use) => dates(use, (time, from, to) => time >= from && time < to),
	NotOn: (use) => dates(use, (time, from, to) => !Number.isNaN(time) && (time < from || time >= to)),
	OnOrAfter: (use) => dates(use, (time, from) => time >= from),
	OnOrBefore: (use) => dates(use, (time, _from, to) => time < to),
	Today: (use) => within(use, dayOf, (now) => dayOf(now) + day),
	Yesterday: (use) => within(use, (now) => dayOf(now) - day, dayOf),
	Tomorrow: (use) => within(use, (now) => dayOf(now) + day, (now) => dayOf(now) + 2 * day), // prettier-ignore
	Last7Days: (use) => within(use, (now) => dayOf(now) - 7 * day, (now) => now + 1), // prettier-ignore
	EqualUserId: (use) => (row) => use.read(row) === use.user,
	NotEqualUserId: (use) => (row) => use.read(row) !== use.user,
	ContainValues: (use) => {
		const set = new Set(use.values.map((literal) => String(literal.value)));
		return (row) => String(use.read(row) ?? '').split(',').some((value) => set.has(value)); // prettier-ignore
	},
};

function between(use: Use, inside: boolean): Test | null {
	const [low, high] = use.values;
	if (!low || !high || use.values.length !== 2) return null;
	return (row) => use.read(row) !== null && (compared(use, row, 'ge', low) && compared(use, row, 'le', high)) === inside;
}

/** LastXDays, NextXHours, OlderThanXMinutes and their kin. */
function timed(use: Use, name: string): Test | null {
	const match = /^(Last|Next|OlderThan)X(Minutes|Hours|Days|Weeks)$/.exec(name);
	const count = Number(one(use)?.value);
	if (!match || !Number.isInteger(count)) return null;
	const span = count * unitMs[match[2]!]!;
	if (match[1] === 'OlderThan') return (row) => at(use.read(row)) < use.now() - span;
	const whole = match[2] === 'Days' || match[2] === 'Weeks' ? dayOf : (now: number) => now;
	if (match[1] === 'Last') return within(use, (now) => whole(now - span), (now) => now + 1); // prettier-ignore
	return within(use, (now) => now, (now) => now + span); // prettier-ignore
}
