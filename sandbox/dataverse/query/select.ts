import type { QueryOptions } from '../../odata/query';
import { unknownProperty } from '../errors';
import { propertyOf, type Column, type Table } from '../model';

/** Rows of a page unless a smaller one is asked for. */
export const pageSize = 5000;

/** Columns of `$select`; null: all. A single-valued navigation property may stand for its lookup. Throws 400 `0x0`. */
export function readSelect(table: Table, options: QueryOptions): Column[] | null {
	if (!options.select || options.select.includes('*')) return null;
	return options.select.map((name) => {
		const column = propertyOf(table, name) ?? table.navigation.get(name)?.column;
		if (!column) throw unknownProperty(name, table.logicalName);
		return column;
	});
}
