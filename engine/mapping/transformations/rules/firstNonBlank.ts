import { rowsOf } from '../parameters';
import type { Transformation } from '../transformation';

/**
 * Looks into further fields of the source record. They are read, and a change of any of them counts, because the field then reads from a derived
 * source value (`derivedSources.ts`); what is left for the rule itself is nothing.
 */
export const firstNonBlank: Transformation = {
	name: 'firstNonBlank',
	caption: 'First Non-Blank Of',
	description:
		'Takes the first of several fields of the source record that holds a value, beginning with the field itself. Only for fields that travel one way; it comes first in the list of rules.',
	example: 'mobile phone, else phone, else the phone of the company',
	parameters: [
		{
			name: 'fields',
			caption: 'Further Fields',
			description: 'Looked into in this order when the field itself is blank.',
			type: 'fields',
			default: '',
			required: true,
		},
	],
	seesBlank: true,
	gives: 'same',
	sources: (parameters) => rowsOf(parameters, 'fields').map(({ field }) => String(field)),
	prepare: () => (value) => value,
};
