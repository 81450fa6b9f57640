import type { Transformation } from '../transformation';

export const titleCase: Transformation = {
	name: 'titleCase',
	caption: 'Title Case',
	description: 'Begins each word with a capital and writes the rest of it small.',
	example: '`NEW YORK` → `New York`',
	parameters: [],
	gives: 'text',
	prepare: () => (value) =>
		String(value)
			.toLowerCase()
			.replace(/(^|[^\p{L}\p{N}'’])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
};
