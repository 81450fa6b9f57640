import type { Row } from '../odata/envelope';
import { isGuid } from '../../model/guid';
import { composeName, NAME_PARTS } from './fullName';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../../model/record';

/** What reading and writing a table needs to know, for the fields in question. */
export interface Shape {
	set: string;
	primaryId: string;
	lookups: ReadonlySet<FieldName>;
	/** The table has `createdon`. */
	created: boolean;
	/** Column that is read and written as the parts of a name. */
	composed?: FieldName | undefined;
}

/** Property that shows a column: lookups are read as `_name_value`. */
export const property = (shape: Shape, field: FieldName): string => (shape.lookups.has(field) ? `_${field}_value` : field);

/** `$select` of a read: what identifies a row and the fields asked for. */
export function selection(shape: Shape, table: TableSource, fields: readonly FieldName[]): string {
	const columns = fields.flatMap((field) => (field === shape.composed ? NAME_PARTS : [field]));
	const stamps = shape.created ? ['modifiedon', 'createdon'] : ['modifiedon'];
	const names = [shape.primaryId, ...stamps, ...(table.numberField === null ? [] : [table.numberField]), table.nameField, ...columns];
	return [...new Set(names.map((name) => property(shape, name)))].join(',');
}

/** A row of the wire as a record. Fields the row does not have are absent. */
export function toRecord(row: Row, shape: Shape, table: TableSource, fields: readonly FieldName[]): SystemRecord {
	return {
		id: textOf(row[shape.primaryId]).toLowerCase(),
		modifiedAt: stampOf(row['modifiedon']),
		...(row['createdon'] ? { createdAt: stampOf(row['createdon']) } : {}),
		version: textOf(row['@odata.etag']),
		number: table.numberField === null ? '' : textOf(row[property(shape, table.numberField)]),
		name: textOf(row[property(shape, table.nameField)]),
		values: valuesOf(row, shape, fields),
	};
}

export function valuesOf(row: Row, shape: Shape, fields: readonly FieldName[]): Record<FieldName, FieldValue> {
	const values: Record<FieldName, FieldValue> = {};
	for (const field of fields) {
		if (field === shape.composed) {
			if (NAME_PARTS.some((part) => row[part] !== undefined)) values[field] = composeName(row as Record<string, FieldValue | undefined>);
			continue;
		}
		const value = row[property(shape, field)];
		if (value !== undefined) values[field] = fieldValue(value);
	}
	return values;
}

function fieldValue(value: unknown): FieldValue {
	if (typeof value === 'string') return isGuid(value) ? value.toLowerCase() : value;
	return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** One spelling for all stamps, so that they sort as text: UTC, whole seconds. */
function stampOf(value: unknown): string {
	const at = typeof value === 'string' ? Date.parse(value) : NaN;
	return Number.isNaN(at) ? '' : new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
