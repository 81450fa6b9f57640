import { FilterSyntaxError, type ComparisonOperator, type Literal } from './filterTypes';

/** Values a row may hold: datetimes and dates as ISO text, guids as lower-case text. */
export type FilterValue = string | number | boolean | null;

/** `type` is the literal's, null when two columns are compared. */
export function compareValues(
	operator: ComparisonOperator,
	left: FilterValue,
	right: FilterValue,
	type: Literal['type'] | null,
	ignoreCase: boolean,
): boolean {
	if (left === null || right === null) {
		if (operator === 'eq') return left === right;
		return operator === 'ne' && left !== right;
	}
	const [a, b] = comparable(left, right, type, ignoreCase);
	switch (operator) {
		case 'eq':
			return a === b;
		case 'ne':
			return a !== b;
		case 'gt':
			return a > b;
		case 'ge':
			return a >= b;
		case 'lt':
			return a < b;
		case 'le':
			return a <= b;
	}
}

type Ordered = string | number | boolean;

function comparable(left: Ordered, right: Ordered, type: Literal['type'] | null, ignoreCase: boolean): [Ordered, Ordered] {
	if (typeof left !== 'string' || typeof right !== 'string') return [left, right];
	if (type === 'datetime' || type === 'date' || (type === null && isDate(left) && isDate(right))) {
		const [a, b] = [Date.parse(left), Date.parse(right)];
		if (!Number.isNaN(a) && !Number.isNaN(b)) return [a, b];
	}
	return ignoreCase || type === 'guid' ? [left.toLowerCase(), right.toLowerCase()] : [left, right];
}

function isDate(text: string): boolean {
	return /^\d{4}-\d{2}-\d{2}(T|$)/.test(text);
}

type Apply = (values: FilterValue[]) => FilterValue;
interface TextRules {
	ignoreCase: boolean;
	wildcards: boolean;
}

/** The built-in functions of OData 4.0 that the two services know. Throws FilterSyntaxError for others. */
export function functionValue(name: string, count: number, position: number, rules: TextRules): Apply {
	const found = functions[name];
	if (!found)
		throw new FilterSyntaxError(
			`An unknown function with name '${name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`,
			position,
		);
	if (!found.counts.includes(count))
		throw new FilterSyntaxError(`No function signature for the function with name '${name}' matches the specified arguments.`, position);
	return (values) => (values.some((value) => value === null) ? found.ofNull : found.apply(values, rules));
}

interface KnownFunction {
	counts: number[];
	ofNull: FilterValue;
	apply: (values: FilterValue[], rules: TextRules) => FilterValue;
}

const text = (apply: (value: string) => FilterValue): KnownFunction => ({
	counts: [1],
	ofNull: null,
	apply: ([value]) => apply(String(value)),
});
const number = (apply: (value: number) => number): KnownFunction => ({
	counts: [1],
	ofNull: null,
	apply: ([value]) => apply(Number(value)),
});
const instant = (apply: (value: Date) => FilterValue): KnownFunction => ({
	counts: [1],
	ofNull: null,
	apply: ([value]) => apply(new Date(String(value))),
});
const find = (before: string, after: string, plain: (value: string, part: string) => boolean): KnownFunction => ({
	counts: [2],
	ofNull: false,
	apply: ([value, part], { ignoreCase, wildcards }) => {
		if (wildcards && /[%_[]/.test(String(part))) return likePattern(`${before}${String(part)}${after}`, ignoreCase).test(String(value));
		return ignoreCase ? plain(String(value).toLowerCase(), String(part).toLowerCase()) : plain(String(value), String(part));
	},
});

const functions: Record<string, KnownFunction> = {
	contains: find('%', '%', (value, part) => value.includes(part)),
	startswith: find('', '%', (value, part) => value.startsWith(part)),
	endswith: find('%', '', (value, part) => value.endsWith(part)),
	tolower: text((value) => value.toLowerCase()),
	toupper: text((value) => value.toUpperCase()),
	trim: text((value) => value.trim()),
	length: text((value) => value.length),
	indexof: { counts: [2], ofNull: null, apply: ([value, part]) => String(value).indexOf(String(part)) },
	concat: { counts: [2], ofNull: null, apply: ([a, b]) => `${String(a)}${String(b)}` },
	substring: {
		counts: [2, 3],
		ofNull: null,
		apply: ([value, from, length]) => String(value).slice(Number(from), length === undefined ? undefined : Number(from) + Number(length)),
	},
	year: instant((value) => value.getUTCFullYear()),
	month: instant((value) => value.getUTCMonth() + 1),
	day: instant((value) => value.getUTCDate()),
	hour: instant((value) => value.getUTCHours()),
	minute: instant((value) => value.getUTCMinutes()),
	second: instant((value) => value.getUTCSeconds()),
	date: instant((value) => value.toISOString().slice(0, 10)),
	round: number(Math.round),
	floor: number(Math.floor),
	ceiling: number(Math.ceil),
};

/** A SQL LIKE pattern as a regular expression. */
export function likePattern(pattern: string, ignoreCase: boolean): RegExp {
	const source = pattern.replace(
		/\[(\^?)([^\]]*)\]|[%_]|[\\^$.*+?()|{}[\]]/g,
		(found, negated: string | undefined, set: string | undefined) => {
			if (found === '%') return '[^]*';
			if (found === '_') return '[^]';
			if (set !== undefined && found.length > 2) return `[${negated ?? ''}${set.replace(/[\\\]]/g, '\\$&')}]`;
			return `\\${found}`;
		},
	);
	return new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
}
