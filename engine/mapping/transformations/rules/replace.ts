import { isOn, textOf } from '../parameters';
import type { Transformation } from '../transformation';

export const replace: Transformation = {
	name: 'replace',
	caption: 'Replace',
	description: 'Replaces a text wherever it occurs.',
	example: '`Adatum Limited`, Limited by Ltd. → `Adatum Ltd.`',
	parameters: [
		{ name: 'find', caption: 'Find', description: 'The text to be replaced.', type: 'text', default: '', required: true },
		{ name: 'with', caption: 'Replace With', description: 'What is put in its place; empty to take it away.', type: 'text', default: '' },
		{
			name: 'ignoreCase',
			caption: 'Ignore Case',
			description: 'Whether capital and small letters are alike.',
			type: 'switch',
			default: false,
		},
	],
	gives: 'text',
	prepare(parameters) {
		const [find, replacement] = [textOf(parameters, 'find'), textOf(parameters, 'with')];
		if (!isOn(parameters, 'ignoreCase')) return (value) => String(value).split(find).join(replacement);
		const literally = new RegExp(find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'gi');
		return (value) => String(value).replace(literally, () => replacement);
	},
};
