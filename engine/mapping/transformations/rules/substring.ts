import { numberOf } from '../parameters';
import type { Transformation } from '../transformation';

export const substring: Transformation = {
	name: 'substring',
	caption: 'Part of a Text',
	description: 'Keeps some characters of a text, counted from its beginning or its end.',
	example: '`K-10000` from 3 → `10000`',
	parameters: [
		{
			name: 'start',
			caption: 'First Character',
			description: 'Where the part begins: 1 for the first character, -1 for the last one.',
			type: 'number',
			default: 1,
			required: true,
		},
		{
			name: 'length',
			caption: 'Number of Characters',
			description: 'How many characters are kept; 0 for all up to the end.',
			type: 'number',
			default: 0,
			least: 0,
		},
	],
	gives: 'text',
	prepare(parameters) {
		const start = Math.trunc(numberOf(parameters, 'start'));
		const length = Math.trunc(numberOf(parameters, 'length'));
		return (value) => {
			const characters = [...String(value)];
			const from = start < 0 ? Math.max(0, characters.length + start) : Math.max(0, start - 1);
			return characters.slice(from, length === 0 ? undefined : from + length).join('');
		};
	},
};
