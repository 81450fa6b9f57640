import type { FieldValue, TableSource } from './system';

/**
 * Id of a record that is known by its key values only, for instance `1896-s,pcs` for the unit PCS of the item 1896-S: the values in the order of
 * the key, percent-encoded, joined by commas and, as all ids, in lower case.
 */
export const compositeId = (values: readonly FieldValue[]): string =>
	values
		.map((value) => encodeURIComponent(value === null ? '' : String(value).trim()))
		.join(',')
		.toLowerCase();

/** The key values an id was made of. Codes of Business Central are upper case, and its numbers and ids do not mind. */
export const keyValues = (id: string): string[] => id.split(',').map((part) => decodeURIComponent(part).toUpperCase());

/** Records known by several values (a unit of an item) have no number of their own: others refer to them by their id. */
export const isReferredToById = ({ page }: Pick<TableSource, 'page'>): boolean => (page?.keys.length ?? 1) > 1;
