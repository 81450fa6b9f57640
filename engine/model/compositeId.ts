import type { FieldValue, TableSource } from './record';
import { pageOf } from './recordIdentity';

/**
 * Id of a record that is known by its key values only, for instance `1896-s,pcs` for the unit PCS of the item 1896-S: the values in the order of
 * the key, percent-encoded, joined by commas and, as all ids, in lower case.
 */
export const compositeId = (values: readonly FieldValue[]): string =>
	values
		.map((value) => encodeURIComponent(value === null ? '' : String(value).trim()))
		.join(',')
		.toLowerCase();

/**
 * The key values an id was made of, upper case as Business Central keeps its codes; for numbers and GUIDs that makes no difference. Letters
 * beyond a to z are percent-encoded in the id and come back as they were. A text that no record could have for its id comes back as one
 * value.
 */
export function keyValues(id: string): string[] {
	try {
		return id.split(',').map((part) => decodeURIComponent(part.toUpperCase()));
	} catch {
		return [id];
	}
}

/** Records with several key values (a unit of an item) have no number of their own: others refer to them by all of these (`compositeId`). */
export const isReferredToByKey = (table: Pick<TableSource, 'page' | 'extension'>): boolean => (pageOf(table)?.keys.length ?? 1) > 1;
