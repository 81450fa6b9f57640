import { isOn, textOf } from '../parameters';
import type { Transformation } from '../transformation';

export const prefix: Transformation = {
	name: 'prefix',
	caption: 'Prefix',
	description: 'Puts a text in front. A blank value stays blank.',
	example: '`10000` with `BC-` → `BC-10000`',
	parameters: [
		{ name: 'text', caption: 'Text', description: 'What is put in front.', type: 'text', default: '', required: true },
		{
			name: 'once',
			caption: 'Only Once',
			description: 'Whether a value that begins with it stays as it is.',
			type: 'switch',
			default: true,
		},
	],
	gives: 'text',
	prepare(parameters) {
		const [text, once] = [textOf(parameters, 'text'), isOn(parameters, 'once')];
		return (value) => (once && String(value).startsWith(text) ? String(value) : text + String(value));
	},
};
