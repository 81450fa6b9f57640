import { SyncError } from '../../model/errors';
import { GUID, isGuid, ZERO_GUID } from '../../model/guid';
import type { FieldValue } from '../../model/record';

/** How a literal is written in a filter. `enum`: quoted member name in Business Central, bare number in Dataverse. */
export type LiteralType = 'text' | 'number' | 'boolean' | 'guid' | 'enum' | 'date' | 'dateTime';

/** The two services write some literals, and "blank" above all, differently. */
export type Dialect = 'businessCentral' | 'crm';

const NUMBER = /^-?\d+(\.\d+)?$/;
const DATE = onCalendar(/^\d{4}-\d{2}-\d{2}$/);
const DATE_TIME = onCalendar(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})$/);

/**
 * The one place where a value becomes OData text. Whatever it is given, the result is one literal: quotes are doubled, and types that are
 * written bare are checked for their exact form.
 * Null means blank: Business Central knows no null, Dataverse has the word `null`.
 * @throws SyncError `INVALID_LITERAL` (setup) when the value does not fit the type.
 */
export function literal(value: FieldValue, type: LiteralType, dialect: Dialect): string {
	if (value === null || (value === '' && type !== 'text' && type !== 'enum')) return blank(type, dialect);
	switch (type) {
		case 'text':
			return quoted(String(value));
		case 'enum':
			return dialect === 'crm' ? matched(value, plain(value), NUMBER, 'a choice value (a whole number)') : quoted(String(value));
		case 'number':
			return matched(value, plain(value), NUMBER, 'a number');
		case 'boolean':
			return matched(value, String(value), /^(true|false)$/, 'yes or no (true, false)');
		case 'guid':
			return matched(value, String(value).replace(/^\{(.*)\}$/, '$1'), GUID, 'a GUID').toLowerCase();
		case 'date':
			// A condition of type date may hold a point in time as well; both forms are bare.
			return DATE_TIME.test(String(value)) ? String(value) : matched(value, String(value), DATE, 'a date (yyyy-mm-dd)');
		case 'dateTime':
			return matched(value, String(value), DATE_TIME, 'a date and time (yyyy-mm-ddThh:mm:ssZ)');
	}
}

/** A text literal: in single quotes, inner quotes doubled. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The value of one query option, ready to be put after `$filter=`; nothing in it can end the option or the query. */
export const encodeOption = (text: string): string => encodeURIComponent(wellFormed(text));

/** Half of a character (a text that was cut in the middle of an emoji) cannot be sent; it is asked for as the sign for "unknown character". */
const wellFormed = (text: string): string =>
	text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');

/** `?$select=…&$filter=…` from options; those that are null or empty are left out. Values are encoded here and nowhere else. */
export function queryString(options: Readonly<Record<string, string | null | undefined>>): string {
	const parts = Object.entries(options).flatMap(([name, value]) => (value ? [`${name}=${encodeOption(value)}`] : []));
	return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Key segment of an entity: `(guid)` bare or `('text')` quoted and encoded. */
export const keySegment = (value: string): string => (isGuid(value) ? `(${value})` : `(${encodeOption(quoted(value))})`);

/** Conditions joined by `and`, each in parentheses; null when there is none. */
export function allOf(...conditions: ReadonlyArray<string | null | undefined>): string | null {
	const given = conditions.filter((condition): condition is string => Boolean(condition));
	if (given.length <= 1) return given[0] ?? null;
	return given.map((condition) => `(${condition})`).join(' and ');
}

export interface ChunkLimits {
	/** Conditions in one filter. */
	conditions: number;
	/** Characters of one filter once it is encoded. */
	characters: number;
}

/**
 * Filters that together select the rows whose `field` is one of `values`: `f eq a or f eq b …`, cut so that no filter is longer than the
 * service takes. Equal values are asked for once. `term` writes one condition, for services that need a function around the field.
 */
export function anyOf(
	field: string,
	values: readonly FieldValue[],
	type: LiteralType,
	dialect: Dialect,
	limits: ChunkLimits,
	term: (field: string, literal: string) => string = (name, value) => `${name} eq ${value}`,
): string[] {
	const chunks: string[] = [];
	let chunk: string[] = [];
	let characters = 0;
	for (const value of new Set(values.map((each) => literal(each, type, dialect)))) {
		const condition = term(field, value);
		const length = encodeOption(` or ${condition}`).length;
		if (chunk.length > 0 && (chunk.length >= limits.conditions || characters + length > limits.characters)) {
			chunks.push(chunk.join(' or '));
			chunk = [];
			characters = 0;
		}
		chunk.push(condition);
		characters += length;
	}
	if (chunk.length > 0) chunks.push(chunk.join(' or '));
	return chunks;
}

function blank(type: LiteralType, dialect: Dialect): string {
	if (dialect === 'crm') return 'null';
	switch (type) {
		case 'text':
			return "''";
		case 'enum':
			return "'_x0020_'";
		case 'number':
			return '0';
		case 'boolean':
			return 'false';
		case 'guid':
			return ZERO_GUID;
		case 'date':
			return '0001-01-01';
		case 'dateTime':
			return '0001-01-01T00:00:00Z';
	}
}

/** Made once: making it takes far longer than using it. */
const withoutExponent = new Intl.NumberFormat('en-US', { useGrouping: false, maximumFractionDigits: 20 });

/** Numbers without an exponent, which filters do not read everywhere. */
const plain = (value: string | number | boolean): string =>
	typeof value === 'number' && Number.isFinite(value) ? withoutExponent.format(value) : String(value).trim();

interface Form {
	test(text: string): boolean;
}

/** Also a day of the calendar and a time of the clock: services roll 30 February over to 2 March, and then select other records than were meant. */
function onCalendar(form: RegExp): Form {
	return {
		test(text) {
			if (!form.test(text) || Number.isNaN(Date.parse(text))) return false;
			const day = text.slice(0, 10);
			return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
		},
	};
}

function matched(value: FieldValue, text: string, form: Form, expected: string): string {
	if (form.test(text)) return text;
	throw new SyncError({
		code: 'INVALID_LITERAL',
		errorClass: 'setup',
		system: 'engine',
		message: `The filter value "${String(value).slice(0, 60)}" is not ${expected}.`,
		hint: 'Correct the value in the filter of the table mapping, or choose the type that fits the field.',
	});
}
