import { textOf } from '../model/filterText';
import type { FieldName, FieldValue, SystemRecord, TableSource } from '../model/record';

type Values = Record<FieldName, FieldValue>;

/** A row as the overlay knows it. Kept small, because a preview may create as many as there are records. */
export interface HeldRow {
	/** It exists in the overlay alone. */
	own: boolean;
	deleted: boolean;
	version: string;
	modifiedAt: string;
	createdAt?: string;
	/** What was written: JSON, a fifth of the size of an object. */
	written: string;
}

/** Rows of one table that were written in the overlay, by id. */
export class HeldRows {
	private readonly rows = new Map<string, HeldRow>();
	private readonly indexes = new Map<FieldName, Map<string, Set<string>>>();

	get(id: string): HeldRow | undefined {
		return this.rows.get(id);
	}

	put(id: string, row: HeldRow): void {
		this.rows.set(id, row);
		for (const [field, index] of this.indexes) addTo(index, field, id, row);
	}

	/** Exists here alone. */
	isOwn(id: string): boolean {
		const row = this.rows.get(id);
		return row !== undefined && row.own && !row.deleted;
	}

	isDeleted(id: string): boolean {
		return this.rows.get(id)?.deleted ?? false;
	}

	/** Nobody but the overlay can tell of it: the service need not be asked. */
	isKnown(id: string): boolean {
		const row = this.rows.get(id);
		return row !== undefined && (row.own || row.deleted);
	}

	get size(): number {
		return this.rows.size;
	}

	/** Ids of rows that exist here alone, in the order in which they were made. */
	*ownIds(): Generator<string> {
		for (const [id, row] of this.rows) if (row.own && !row.deleted) yield id;
	}

	get deletedCount(): number {
		let count = 0;
		for (const row of this.rows.values()) if (row.deleted && !row.own) count++;
		return count;
	}

	/** Rows whose field was written with one of the values, ignoring case. */
	withValue(field: FieldName, values: readonly FieldValue[]): string[] {
		if (this.rows.size === 0) return [];
		const index = this.indexOf(field);
		const wanted = new Set(values.map(textOf));
		const found = new Set<string>();
		for (const text of wanted) {
			for (const id of index.get(text) ?? []) {
				const row = this.rows.get(id)!;
				// It may have got another value since.
				if (!row.deleted && textOf(valuesOf(row)[field] ?? null) === text) found.add(id);
			}
		}
		return [...found];
	}

	/** Ids by text, of fields that somebody has asked for. */
	private indexOf(field: FieldName): Map<string, Set<string>> {
		const known = this.indexes.get(field);
		if (known) return known;
		const index = new Map<string, Set<string>>();
		for (const [id, row] of this.rows) addTo(index, field, id, row);
		this.indexes.set(field, index);
		return index;
	}
}

function addTo(index: Map<string, Set<string>>, field: FieldName, id: string, row: HeldRow): void {
	if (row.deleted || !row.written.includes(`"${field}":`)) return;
	const text = textOf(valuesOf(row)[field] ?? null);
	const ids = index.get(text);
	if (ids) ids.add(id);
	else index.set(text, new Set([id]));
}

export const valuesOf = (row: HeldRow): Values => JSON.parse(row.written) as Values;

/** A row that exists in the overlay alone; what was not written is blank. */
export function ownRecord(table: TableSource, id: string, row: HeldRow, fields: readonly FieldName[]): SystemRecord {
	const written = valuesOf(row);
	const values: Values = {};
	for (const field of fields) values[field] = written[field] ?? null;
	return {
		...{ id, version: row.version, modifiedAt: row.modifiedAt, values },
		number: text(table.numberField === null ? null : written[table.numberField]),
		name: text(written[table.nameField]),
		...(row.createdAt === undefined ? {} : { createdAt: row.createdAt }),
	};
}

/** A record of the service with what was written to it since. */
export function changedRecord(table: TableSource, record: SystemRecord, row: HeldRow, fields: readonly FieldName[]): SystemRecord {
	const written = valuesOf(row);
	const values: Values = { ...record.values };
	for (const [field, value] of Object.entries(written)) if (field in values || fields.includes(field)) values[field] = value;
	const { numberField, nameField } = table;
	return {
		...record,
		version: row.version,
		modifiedAt: row.modifiedAt,
		...(numberField !== null && written[numberField] !== undefined ? { number: text(written[numberField]) } : {}),
		...(written[nameField] !== undefined ? { name: text(written[nameField]) } : {}),
		values,
	};
}

const text = (value: FieldValue | undefined): string => String(value ?? '');
