import { isOn, textOf } from '../parameters';
import type { Transformation } from '../transformation';

export const suffix: Transformation = {
	name: 'suffix',
	caption: 'Suffix',
	description: 'Puts a text behind. A blank value stays blank.',
	example: '`Adatum` with ` Ltd.` → `Adatum Ltd.`',
	parameters: [
		{ name: 'text', caption: 'Text', description: 'What is put behind.', type: 'text', default: '', required: true },
		{ name: 'once', caption: 'Only Once', description: 'Whether a value that ends with it stays as it is.', type: 'switch', default: true },
	],
	gives: 'text',
	prepare(parameters) {
		const [text, once] = [textOf(parameters, 'text'), isOn(parameters, 'once')];
		return (value) => (once && String(value).endsWith(text) ? String(value) : String(value) + text);
	},
};
