import { SyncError } from '../../model/errors';
import type { FieldName, TableSource } from '../../model/record';
import type { AsOf } from '../../ports/recordSystem';
import { type Metadata, shown } from './metadata';
import type { Reader } from './reader';
import { property } from './rows';

/**
 * Those of the columns whose values column security may keep from the user ("Column-level security with code": a value that may not be read is
 * null). Metadata says which columns are secured; a value that is shown proves that the user may read them. Where metadata may not be read, only a
 * value does.
 */
export async function hiddenColumns(
	metadata: Metadata,
	reader: Reader,
	table: TableSource,
	{ columns, asOf }: { columns: readonly FieldName[]; asOf: AsOf },
): Promise<FieldName[]> {
	const hidden: FieldName[] = [];
	for (const column of await securedAmong(metadata, table, columns, asOf)) {
		const key = metadata.columnKey(table.name, column);
		if (asOf === 'day' && shown.covers(key, [''], metadata.clock)) continue;
		shown.forget(key);
		if (await isShown(reader, table, column)) shown.add(key, [''], metadata.clock);
		else hidden.push(column);
	}
	return hidden;
}

async function securedAmong(
	metadata: Metadata,
	table: TableSource,
	columns: readonly FieldName[],
	asOf: AsOf,
): Promise<readonly FieldName[]> {
	try {
		return await metadata.secured(table.name, columns, asOf);
	} catch (error) {
		if (error instanceof SyncError && error.httpStatus === 403) return columns;
		throw error;
	}
}

async function isShown(reader: Reader, table: TableSource, column: FieldName): Promise<boolean> {
	const name = property(await reader.shape(table, [column]), column);
	const query = { table, fields: [column], filter: `${name} ne null`, since: null, pageSize: 1 };
	for await (const [row] of reader.changes(query)) return row !== undefined && (row.values[column] ?? null) !== null;
	return false;
}
