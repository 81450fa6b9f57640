import type { FieldValue } from '../../model/record';

/** Nothing, as both services spell it: no value, empty text, or Business Central's blank date. Zero and no are values. */
export const isBlank = (value: FieldValue | undefined): boolean =>
	value === null ||
	value === undefined ||
	(typeof value === 'string' && (value.trim() === '' || value === '0001-01-01' || value.startsWith('0001-01-01T')));
