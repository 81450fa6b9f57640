import { likePattern } from '../../odata/filterValues';
import { DataverseError } from '../errors';
import type { Column } from '../model';
import { guidPattern, type Value } from '../values';

/** What a condition is judged with. */
export interface Situation {
	value: Value;
	values: string[];
	column: Column;
	user: string;
	/** Service time, epoch milliseconds. */
	now: number;
	/** Teams and business unit of the user. */
	teams: readonly string[];
	businessUnit: string;
}

export interface Operator {
	/** Throws 400 for a wrong number or type of values. */
	check(column: Column, values: string[]): void;
	test(situation: Situation): boolean;
}

const wrong = (message: string) => new DataverseError(400, '0x80040203', message);
const day = 86_400_000;
const numbers = new Set(['Integer', 'BigInt', 'Decimal', 'Double', 'Money', 'Picklist', 'State', 'Status']);

/** A value of the query in the column's own terms; null: it fits no value. */
export function typed(column: Column, text: string): string | number | boolean {
	if (numbers.has(column.type)) {
		if (!/^-?\d+(\.\d+)?$/.test(text.trim()))
			throw wrong(`The value '${text}' of the condition on '${column.logicalName}' is not a number.`);
		return Number(text);
	}
	if (column.type === 'Boolean') {
		if (!/^(0|1|true|false)$/i.test(text))
			throw wrong(`The value '${text}' of the condition on '${column.logicalName}' is not true or false.`);
		return text === '1' || text.toLowerCase() === 'true';
	}
	if (column.isLookup || column.type === 'Uniqueidentifier') {
		const plain = text.trim().replace(/^\{|\}$/g, '');
		if (!guidPattern.test(plain))
			throw wrong(`Guid should contain 32 digits with 4 dashes: the value '${text}' of the condition on '${column.logicalName}'.`);
		return plain.toLowerCase();
	}
	if (column.type === 'DateTime') {
		const time = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
		if (Number.isNaN(time)) throw wrong(`The date-time format of '${text}' is invalid.`);
		return time;
	}
	return text.toLowerCase();
}

/** The value of a row in the same terms. */
export function comparable(column: Column, value: Value): string | number | boolean | null {
	if (value === null) return null;
	if (column.type === 'DateTime') return Date.parse(String(value));
	return typeof value === 'string' ? value.toLowerCase() : value;
}

const count =
	(least: number, most: number | null, each: (column: Column, text: string) => unknown) =>
	(column: Column, values: string[]): void => {
		if (values.length < least || (most !== null && values.length > most))
			throw wrong(`The condition on '${column.logicalName}' has ${values.length} values.`);
		for (const value of values) each(column, value);
	};

type Comparable = string | number | boolean;
const compare = (test: (a: Comparable, b: Comparable) => boolean): Operator => ({
	check: count(1, 1, typed),
	test: ({ value, values, column }) => {
		const left = comparable(column, value);
		return left !== null && test(left, typed(column, values[0]!));
	},
});
const among = (inside: boolean): Operator => ({
	check: count(1, null, typed),
	test: ({ value, values, column }) => {
		const left = comparable(column, value);
		return left !== null && values.some((each) => typed(column, each) === left) === inside;
	},
});
const between = (inside: boolean): Operator => ({
	check: count(2, 2, typed),
	test: ({ value, values, column }) => {
		const left = comparable(column, value);
		return left !== null && (left >= typed(column, values[0]!) && left <= typed(column, values[1]!)) === inside;
	},
});
const text = (column: Column): void => {
	if (!['String', 'Memo', 'EntityName'].includes(column.type) && !column.isLookup)
		throw wrong(`The operator is not valid for the attribute '${column.logicalName}' of type ${column.type}.`);
};
const like = (before: string, after: string, inside: boolean): Operator => ({
	check: (column, values) => (text(column), count(1, 1, () => {})(column, values)),
	test: ({ value, values }) => {
		if (value === null) return !inside;
		return likePattern(`${before}${values[0]!}${after}`, true).test(String(value)) === inside;
	},
});
const empty = (isNull: boolean): Operator => ({
	check: count(0, 0, () => {}),
	test: ({ value }) => (value === null) === isNull,
});
const user = (inside: boolean): Operator => ({
	check: count(0, 0, () => {}),
	test: ({ value, user: id }) => value !== null && (value === id) === inside,
});
const dateColumn = (column: Column): void => {
	if (column.type !== 'DateTime') throw wrong(`The operator is only for dates; '${column.logicalName}' is of type ${column.type}.`);
};
const span = (bounds: (now: Date, amount: number) => [number, number], values = 0): Operator => ({
	check: (column, given) => {
		dateColumn(column);
		count(values, values, (_column, each) => {
			if (!/^\d+$/.test(each)) throw wrong(`The value '${each}' of the condition on '${column.logicalName}' is not a whole number.`);
		})(column, given);
	},
	test: ({ value, values: given, now }) => {
		if (value === null) return false;
		const [from, to] = bounds(new Date(now), Number(given[0] ?? 0));
		const time = Date.parse(String(value));
		return time >= from && time < to;
	},
});
const onDay = (test: (time: number, from: number, to: number) => boolean): Operator => ({
	check: (column, values) => (dateColumn(column), count(1, 1, typed)(column, values)),
	test: ({ value, values, column }) => {
		if (value === null) return false;
		const at = typed(column, values[0]!) as number;
		const from = at - (at % day);
		return test(Date.parse(String(value)), from, from + day);
	},
});

const utc = Date.UTC;
const start = (now: Date, days = 0) => utc(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days);
const week = (now: Date, weeks = 0) => start(now, 7 * weeks - now.getUTCDay());
const month = (now: Date, months = 0) => utc(now.getUTCFullYear(), now.getUTCMonth() + months, 1);
const year = (now: Date, years = 0) => utc(now.getUTCFullYear() + years, 0, 1);
const shifted = (now: Date, unit: string, amount: number): number => {
	const copy = new Date(now);
	if (unit === 'minutes') copy.setUTCMinutes(copy.getUTCMinutes() + amount);
	else if (unit === 'hours') copy.setUTCHours(copy.getUTCHours() + amount);
	else if (unit === 'days') copy.setUTCDate(copy.getUTCDate() + amount);
	else if (unit === 'weeks') copy.setUTCDate(copy.getUTCDate() + 7 * amount);
	else if (unit === 'months') copy.setUTCMonth(copy.getUTCMonth() + amount);
	else copy.setUTCFullYear(copy.getUTCFullYear() + amount);
	return copy.getTime();
};
/** Days and longer count from midnight. */
const floor = (time: number, unit: string): number => (unit === 'hours' || unit === 'minutes' ? time : time - (time % day));

/** Operators of `condition`. Source: https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/operators */
export const operators: Record<string, Operator> = {
	eq: compare((a, b) => a === b),
	ne: { ...compare((a, b) => a !== b), test: ({ value, values, column }) => comparable(column, value) !== typed(column, values[0]!) },
	gt: compare((a, b) => a > b),
	ge: compare((a, b) => a >= b),
	lt: compare((a, b) => a < b),
	le: compare((a, b) => a <= b),
	in: among(true),
	'not-in': among(false),
	between: between(true),
	'not-between': between(false),
	null: empty(true),
	'not-null': empty(false),
	like: like('', '', true),
	'not-like': like('', '', false),
	'begins-with': like('', '%', true),
	'not-begin-with': like('', '%', false),
	'ends-with': like('%', '', true),
	'not-end-with': like('%', '', false),
	'eq-userid': user(true),
	'ne-userid': user(false),
	'eq-userteams': { check: count(0, 0, () => {}), test: ({ value, teams }) => teams.includes(String(value)) },
	'eq-useroruserteams': {
		check: count(0, 0, () => {}),
		test: ({ value, user: id, teams }) => value === id || teams.includes(String(value)),
	},
	'eq-businessid': { check: count(0, 0, () => {}), test: ({ value, businessUnit }) => value === businessUnit },
	'ne-businessid': { check: count(0, 0, () => {}), test: ({ value, businessUnit }) => value !== null && value !== businessUnit },
	on: onDay((time, from, to) => time >= from && time < to),
	'not-on': onDay((time, from, to) => time < from || time >= to),
	'on-or-before': onDay((time, _from, to) => time < to),
	'on-or-after': onDay((time, from) => time >= from),
	today: span((now) => [start(now), start(now, 1)]),
	yesterday: span((now) => [start(now, -1), start(now)]),
	tomorrow: span((now) => [start(now, 1), start(now, 2)]),
	'last-seven-days': span((now) => [start(now, -7), now.getTime() + 1]),
	'next-seven-days': span((now) => [now.getTime(), start(now, 8)]),
	'this-week': span((now) => [week(now), week(now, 1)]),
	'last-week': span((now) => [week(now, -1), week(now)]),
	'next-week': span((now) => [week(now, 1), week(now, 2)]),
	'this-month': span((now) => [month(now), month(now, 1)]),
	'last-month': span((now) => [month(now, -1), month(now)]),
	'next-month': span((now) => [month(now, 1), month(now, 2)]),
	'this-year': span((now) => [year(now), year(now, 1)]),
	'last-year': span((now) => [year(now, -1), year(now)]),
	'next-year': span((now) => [year(now, 1), year(now, 2)]),
};
operators.neq = operators.ne!;

for (const unit of ['hours', 'days', 'weeks', 'months', 'years']) {
	operators[`last-x-${unit}`] = span((now, amount) => [floor(shifted(now, unit, -amount), unit), now.getTime() + 1], 1);
	operators[`next-x-${unit}`] = span(
		(now, amount) => [now.getTime(), floor(shifted(now, unit, amount), unit) + (unit === 'hours' ? 1 : day)],
		1,
	);
}
for (const unit of ['minutes', 'hours', 'days', 'weeks', 'months', 'years']) {
	operators[`olderthan-x-${unit}`] = span((now, amount) => [Number.NEGATIVE_INFINITY, shifted(now, unit, -amount)], 1);
}
