import type { Transformation } from '../transformation';

export const uppercase: Transformation = {
	name: 'uppercase',
	caption: 'Upper Case',
	description: 'Writes all letters as capitals.',
	example: '`Adatum` → `ADATUM`',
	parameters: [],
	gives: 'text',
	prepare: () => (value) => String(value).toUpperCase(),
};
