import type { Case, Topic } from './expectation';
import type { Condition, Filter } from '../../engine/model/filter';

/** Customers the filters choose among, by number: names that try to be more than a name. */
export const NAMES: Readonly<Record<string, string>> = {
	C1: 'Adatum',
	C2: "O'Brien",
	C3: "' or 1 eq 1 or displayName eq '",
	C4: 'a) or (1 eq 1',
	C5: '100% & Co + #1?$select=id',
	C6: 'Søren 日本 🚀',
	C7: "''",
};
export const CREDIT_LIMITS: Readonly<Record<string, number>> = { C1: 1000, C2: 0.01, C3: 999_999_999.99 };

export interface FilterCase extends Case {
	filter: Filter;
	/** Numbers of the customers it selects, where it works. */
	selects?: readonly string[];
}

const all = Object.keys(NAMES);
const condition = (field: string, operator: Condition['operator'], type: Condition['type'], value: Condition['value']): Filter => ({
	conditions: [{ field, operator, value, type }],
});
const selects = (
	what: string,
	filter: Filter,
	numbers: readonly string[],
	works = 'exactly the records that fit are chosen',
): FilterCase => ({
	what,
	filter,
	selects: numbers,
	expect: { works },
});
const invalid = (what: string, filter: Filter, message: string): FilterCase => ({
	what,
	filter,
	expect: { errorClass: 'setup', code: 'INVALID_LITERAL', message },
});
const raw = (text: string): Filter => ({ conditions: [], raw: text });
const unbalanced = (what: string, text: string): FilterCase => ({
	what,
	filter: raw(text),
	expect: { errorClass: 'setup', code: 'FILTER_UNBALANCED', message: 'open quote or parenthesis' },
});
const name = (value: string): Filter => condition('displayName', 'eq', 'text', value);

export const filters: Topic<FilterCase> = {
	title: 'Filters that try to be more than a filter',
	cases: [
		...Object.entries(NAMES).map(([number, text]) => selects(`a text condition with the name \`${text}\``, name(text), [number])),
		selects('a text condition with half of an emoji', name('Søren 日本 \ud83d'), [], 'nothing has that name; the run goes on'),
		selects(
			'a text condition with a line break and a zero character',
			name('Adatum\r\n\u0000&$filter=1 eq 1'),
			[],
			'nothing has that name; the run goes on',
		),
		selects('a text condition of 20,000 quotes', name("'".repeat(20_000)), [], 'nothing has that name; the run goes on'),
		selects('"contains" with an apostrophe', condition('displayName', 'contains', 'text', "'"), ['C2', 'C3', 'C7']),
		...(
			[
				['%', ['C5']],
				['&', ['C5']],
				['+', ['C5']],
				['#', ['C5']],
				['?', ['C5']],
				['$select', ['C5']],
				['日本', ['C6']],
				['🚀', ['C6']],
				['ø', ['C6']],
				['(1', ['C4']],
				['eq 1', ['C3', 'C4']],
				["''", ['C7']],
			] as const
		).map(([text, numbers]) => selects(`"contains" with \`${text}\``, condition('displayName', 'contains', 'text', text), numbers)),
		selects('"starts with" with a closing parenthesis', condition('displayName', 'startswith', 'text', 'a)'), ['C4']),
		selects('a list of names with apostrophes', condition('displayName', 'in', 'text', ["O'Brien", "''"]), ['C2', 'C7']),
		invalid('a number condition with `0 or 1 eq 1`', condition('creditLimit', 'eq', 'number', '0 or 1 eq 1'), 'is not a number'),
		invalid('a number condition with `1e400`', condition('creditLimit', 'gt', 'number', '1e400'), 'is not a number'),
		invalid('a number condition with `NaN`', condition('creditLimit', 'gt', 'number', 'NaN'), 'is not a number'),
		invalid('a number condition with `Infinity`', condition('creditLimit', 'lt', 'number', 'Infinity'), 'is not a number'),
		invalid('a number condition with `0x10`', condition('creditLimit', 'gt', 'number', '0x10'), 'is not a number'),
		invalid('a number condition with a decimal comma', condition('creditLimit', 'gt', 'number', '0,01'), 'is not a number'),
		invalid(
			'a number condition with a line break behind it',
			condition('creditLimit', 'gt', 'number', '1\n) or (1 eq 1'),
			'is not a number',
		),
		...['1,000', '１２', '--1', '1_000', '0b1', '1 000', '12px', '1e', 'null'].map((text) =>
			invalid(`a number condition with \`${text}\``, condition('creditLimit', 'eq', 'number', text), 'is not a number'),
		),
		...['2026-02-30', '2026-13-01', 'today', '2026-W10'].map((text) =>
			invalid(`a date condition with \`${text}\``, condition('lastModifiedDateTime', 'ge', 'date', text), 'is not a date'),
		),
		...['maybe', '2', 'true and false'].map((text) =>
			invalid(`a yes/no condition with \`${text}\``, condition('taxLiable', 'eq', 'boolean', text), 'is not yes or no'),
		),
		invalid(
			'an id condition with letters beyond f',
			condition('currencyId', 'eq', 'guid', 'zzzzzzzz-0000-0000-0000-000000000000'),
			'is not a GUID',
		),
		selects('a number condition with a blank before and behind', condition('creditLimit', 'eq', 'number', ' 1000 '), ['C1']),
		selects('a number condition with minus zero', condition('creditLimit', 'gt', 'number', -0), ['C1', 'C2', 'C3']),
		selects('a number condition with the smallest amount', condition('creditLimit', 'eq', 'number', 0.01), ['C2']),
		invalid('a yes/no condition with `true or true`', condition('taxLiable', 'eq', 'boolean', 'true or true'), 'is not yes or no'),
		invalid('a yes/no condition with `1`', condition('taxLiable', 'eq', 'boolean', 1), 'is not yes or no'),
		invalid('an id condition with `guid) or (1 eq 1`', condition('currencyId', 'eq', 'guid', 'x) or (1 eq 1'), 'is not a GUID'),
		invalid(
			'an id condition with an id that is too short',
			condition('currencyId', 'eq', 'guid', '00000000-0000-0000-0000-00000000000'),
			'is not a GUID',
		),
		invalid(
			'an id condition with an id in one brace',
			condition('currencyId', 'eq', 'guid', '{00000000-0000-0000-0000-000000000000'),
			'is not a GUID',
		),
		selects(
			'an id condition with the zero id in braces',
			condition('currencyId', 'eq', 'guid', '{00000000-0000-0000-0000-000000000000}'),
			all,
		),
		invalid(
			'a date condition with `2026-01-01 or 1 eq 1`',
			condition('lastModifiedDateTime', 'ge', 'date', '2026-01-01 or 1 eq 1'),
			'is not a date',
		),
		invalid('a date condition of the year 10000', condition('lastModifiedDateTime', 'ge', 'date', '10000-01-01'), 'is not a date'),
		invalid(
			'a date condition with day and month the other way round',
			condition('lastModifiedDateTime', 'ge', 'date', '31.12.2026'),
			'is not a date',
		),
		{
			what: 'an option condition with a quote',
			filter: condition('blocked', 'eq', 'enum', "All' or 1 eq 1 or blocked eq 'All"),
			expect: { errorClass: 'setup', code: 'BC_BAD_REQUEST', message: 'answered 400' },
		},
		{
			what: 'a condition whose list is empty',
			filter: condition('displayName', 'in', 'text', []),
			expect: { errorClass: 'setup', code: 'FILTER_EMPTY', message: 'displayName lists no value' },
		},
		{
			what: 'a condition on a field that does not exist',
			filter: condition('noSuchField', 'eq', 'text', 'x'),
			expect: { errorClass: 'setup', code: 'SETUP_FIELD_MISSING', message: 'no field noSuchField' },
		},
		{
			what: 'a condition whose field is a filter of its own',
			filter: condition("displayName eq 'x' or number", 'eq', 'text', 'C1'),
			expect: { errorClass: 'setup', code: 'SETUP_FIELD_MISSING', message: "no field displayName eq 'x' or number" },
		},
		unbalanced('OData text with an open quote', "displayName eq 'Adatum"),
		unbalanced('OData text with an open parenthesis', "(displayName eq 'Adatum'"),
		unbalanced('OData text that closes a parenthesis it did not open', "displayName eq 'x') or (1 eq 1"),
		unbalanced('OData text with an apostrophe that is not doubled', "displayName eq 'O'Brien'"),
		selects('OData text with a doubled apostrophe', raw("displayName eq 'O''Brien'"), ['C2']),
		selects('OData text with a parenthesis inside quotes', raw("displayName eq 'a) or (1 eq 1'"), ['C4']),
		{
			what: 'OData text that tries to add an option to the request',
			filter: raw("displayName eq 'Adatum'&$top=1"),
			expect: { errorClass: 'setup', code: 'BC_BAD_REQUEST', message: 'customers' },
		},
		{
			what: 'OData text that is none',
			filter: raw('select * from Customer; drop table Customer'),
			expect: { errorClass: 'setup', code: 'BC_BAD_REQUEST', message: 'customers' },
		},
	],
};
