import type { Column } from './model';
import { DataverseError, payload } from './errors';

/** What a row holds: lookups and dates as text. Absent counts as null. */
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;
export type Changes = Record<string, Value>;

export const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/i;
const day = /^\d{4}-\d{2}-\d{2}$/;

/** Edm type of a column in the Web API model. */
export function edmType(column: Column): string {
	switch (column.type) {
		case 'String':
		case 'Memo':
		case 'EntityName':
		case 'MultiSelectPicklist':
			return 'Edm.String';
		case 'Image':
			return 'Edm.Binary';
		case 'Integer':
		case 'Picklist':
		case 'State':
		case 'Status':
			return 'Edm.Int32';
		case 'BigInt':
			return 'Edm.Int64';
		case 'Boolean':
			return 'Edm.Boolean';
		case 'Decimal':
		case 'Money':
			return 'Edm.Decimal';
		case 'Double':
			return 'Edm.Double';
		case 'DateTime':
			return column.behavior === 'DateOnly' ? 'Edm.Date' : 'Edm.DateTimeOffset';
		default:
			return 'Edm.Guid';
	}
}

/** ISO text in whole seconds, as the service keeps and prints times. */
export const wholeSeconds = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

export const rounded = (value: number, places: number): number => {
	const scaled = Number(`${Math.abs(value)}e${places}`);
	const result = Number.isFinite(scaled) ? Number(`${Math.round(scaled)}e-${places}`) : Math.abs(value);
	return value < 0 && result !== 0 ? -result : result;
};

/** Checks a JSON value against a column and brings it into stored form. Throws DataverseError. */
export function storedValue(column: Column, value: unknown, table: string, set: string): Value {
	if (value === null) return null;
	const wrong = () =>
		payload(
			set,
			`Microsoft.OData.ODataException: Cannot convert the literal '${String(value)}' to the expected type '${edmType(column)}'.`,
		);
	switch (column.type) {
		case 'String':
		case 'Memo':
		case 'EntityName':
			if (typeof value !== 'string') throw wrong();
			if (column.maxLength !== undefined && value.length > column.maxLength) throw tooLong(column, table);
			// The platform keeps an empty text as null.
			return value === '' ? null : value;
		case 'Boolean':
			if (typeof value !== 'boolean') throw wrong();
			return value;
		case 'Integer':
		case 'BigInt':
			if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong();
			if (column.type === 'Integer' && Math.abs(value) > 2147483647) throw outOfRange(column, table, value);
			return value;
		case 'Picklist':
		case 'State':
		case 'Status':
			if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong();
			if (column.type === 'Picklist' && Object.keys(column.options ?? {}).length > 0 && !(String(value) in column.options!)) {
				throw new DataverseError(400, '0x8004431a', `A validation error occurred.  The value '${value}' of '${column.logicalName}' on record of type '${table}' is outside the valid range. Accepted Values: ${Object.keys(column.options!).join(',')}`); // prettier-ignore
			}
			return value;
		case 'Decimal':
		case 'Double':
		case 'Money':
			if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong();
			if (Math.abs(value) > 922337203685477) throw outOfRange(column, table, value);
			return column.type === 'Decimal' ? rounded(value, column.logicalName === 'exchangerate' ? 12 : 10) : value;
		case 'DateTime':
			return storedDate(column, value, wrong);
		case 'MultiSelectPicklist':
			if (typeof value !== 'string' || !/^(-?\d+(,-?\d+)*)?$/.test(value)) throw wrong();
			return value === '' ? null : value;
		case 'Image':
			if (typeof value !== 'string') throw wrong();
			return value;
		default:
			if (typeof value !== 'string' || !guidPattern.test(value)) throw wrong();
			return value.toLowerCase();
	}
}

function storedDate(column: Column, value: unknown, wrong: () => DataverseError): string {
	if (typeof value !== 'string' || !(column.behavior === 'DateOnly' ? day : instant).test(value)) throw wrong();
	const epochMs = Date.parse(value);
	if (Number.isNaN(epochMs)) throw wrong();
	if (epochMs < Date.UTC(1753, 0, 1)) {
		throw new DataverseError(400, '0x80040239', 'The date-time format is invalid, or value is outside the supported range.');
	}
	return column.behavior === 'DateOnly' ? value : wholeSeconds(epochMs);
}

const tooLong = (column: Column, table: string) =>
	new DataverseError(400, '0x80044331', `A validation error occurred.  The length of the '${column.logicalName}' attribute of the '${table}' entity exceeded the maximum allowed length of '${column.maxLength}'.`); // prettier-ignore

const outOfRange = (column: Column, table: string, value: number) =>
	new DataverseError(400, '0x80044330', `A validation error occurred.  The value '${value}' of '${column.logicalName}' on record of type '${table}' is outside the valid range.`); // prettier-ignore

/** A number printed as given, e.g. money with four places. */
export interface RawNumber {
	rawJSON: string;
}

const rawJson = (JSON as unknown as { rawJSON?: (text: string) => RawNumber }).rawJSON;

/** JSON form of a stored value; two-option columns nobody set are false. */
export function wireValue(column: Column, value: Value | undefined): Value | RawNumber {
	if (value === undefined || value === null) return column.type === 'Boolean' ? false : null;
	if (column.type === 'Money' && typeof value === 'number' && rawJson) return rawJson(value.toFixed(4));
	return value;
}

/** Value of a column as filters and comparisons see it. */
export function columnValue(column: Column, row: Row): Value {
	const value = row[column.logicalName] ?? null;
	return value === null && column.type === 'Boolean' ? false : value;
}
