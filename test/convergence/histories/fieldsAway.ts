import { FIELDS, type EditableField } from '../fields';
import type { Chronicle } from './chronicle';

/** From now on the fields are not exchanged. */
export function close(chronicle: Chronicle, fields: readonly EditableField[]): void {
	for (const field of fields) {
		chronicle.standing.arrived(field);
		chronicle.closed.add(field.caption);
	}
}

/** The fields are exchanged again: what both sides hold is compared as for the first time. */
export function open(chronicle: Chronicle, fields: readonly EditableField[]): void {
	for (const { caption } of fields) {
		chronicle.closed.delete(caption);
		chronicle.standing.anew(caption);
	}
}

export const fieldsOn = (where: 'page' | 'table'): EditableField[] => FIELDS.filter(({ page }) => (where === 'page') === (page === true));
