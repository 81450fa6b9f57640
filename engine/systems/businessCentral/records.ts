import { compositeId } from '../../model/compositeId';
import type { Row } from '../odata/envelope';
import { isGuid, ZERO_GUID } from '../../model/guid';
import { pageOf } from '../../model/recordIdentity';
import type { FieldName, FieldValue, LookupValue, SystemRecord, TableSource } from '../../model/record';

/** Properties that make a record's id, and its key. */
export const identityFields = (table: TableSource): readonly FieldName[] =>
	table.page?.keys ?? ['id', ...(table.extension ? table.extension.keys : [])];

export const recordId = (row: Row, table: TableSource): string => (table.page ? keyOf(row, table) : textOf(row['id']).toLowerCase());

/** Id of a row of a page, made of its key. */
export const keyOf = (row: Row, table: TableSource): string => compositeId((pageOf(table)?.keys ?? []).map((key) => fieldValue(row[key])));

/** A row of the wire as a record. Fields the row does not have are absent. */
export function toRecord(row: Row, table: TableSource, fields: readonly FieldName[]): SystemRecord {
	return {
		id: recordId(row, table),
		modifiedAt: table.page ? '' : stampOf(row['lastModifiedDateTime']),
		...(table.extension ? { key: keyOf(row, table) } : {}),
		version: textOf(row['@odata.etag']),
		number: table.numberField === null ? '' : textOf(row[table.numberField]),
		name: textOf(row[table.nameField]),
		values: valuesOf(row, fields),
	};
}

export function valuesOf(row: Row, fields: readonly FieldName[]): Record<FieldName, FieldValue> {
	const values: Record<FieldName, FieldValue> = {};
	for (const field of fields) {
		const value = row[field];
		if (value !== undefined && !field.includes('/')) values[field] = fieldValue(value);
	}
	return values;
}

export function fieldValue(value: unknown): FieldValue {
	if (typeof value === 'string') return isGuid(value) ? value.toLowerCase() : value;
	return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/**
 * A value as Business Central takes it. It knows no null: nothing is the zero GUID for references, its blank date for
 * dates, and otherwise the empty text.
 */
export function wireValue(field: FieldName, value: FieldValue | LookupValue): FieldValue {
	if (value !== null && typeof value === 'object') return value.id;
	if (value !== null) return value;
	if (/(^id|Id)$/.test(field)) return ZERO_GUID;
	if (/DateTime$/.test(field)) return '0001-01-01T00:00:00Z';
	return /(^date|Date)$/.test(field) ? '0001-01-01' : '';
}

/** One spelling for all stamps, so that they sort as text: UTC with milliseconds. */
function stampOf(value: unknown): string {
	const at = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(at) ? '' : new Date(at).toISOString();
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
