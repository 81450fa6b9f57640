import type { Transformation } from '../transformation';

export const lowercase: Transformation = {
	name: 'lowercase',
	caption: 'Lower Case',
	description: 'Writes all letters small.',
	example: '`Info@Adatum.COM` → `info@adatum.com`',
	parameters: [],
	gives: 'text',
	prepare: () => (value) => String(value).toLowerCase(),
};
