import type { Transformation } from '../transformation';

/** Spaces around a text, and runs of them inside. */
export const trim: Transformation = {
	name: 'trim',
	caption: 'Trim',
	description: 'Takes spaces and line breaks away from both ends, and if wanted leaves one of several spaces inside.',
	example: '`␣Adatum␣␣Ltd.␣` → `Adatum␣␣Ltd.`',
	parameters: [
		{
			name: 'inside',
			caption: 'Inside, Too',
			description: 'Whether several spaces inside the text become one.',
			type: 'switch',
			default: false,
		},
	],
	gives: 'text',
	prepare: ({ inside }) => (inside ? (value) => String(value).trim().replace(/\s+/g, ' ') : (value) => String(value).trim()),
};
