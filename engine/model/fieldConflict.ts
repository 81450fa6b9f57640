import type { FieldMapping } from './fieldMapping';
import type { FieldValue } from './record';

/** A field changed to different values on both sides. */
export interface FieldConflict {
	field: FieldMapping;
	source: FieldValue;
	target: FieldValue;
}
