import { isOn, textOf } from '../parameters';
import { type Transformation, TransformationProblem } from '../transformation';

/** Characters of the longest text that Dataverse takes. */
const LONGEST = 1_048_576;

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
		const literally = new RegExp(find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), isOn(parameters, 'ignoreCase') ? 'gi' : 'g');
		return (value) => {
			const parts = String(value).split(literally);
			const length = parts.reduce((sum, part) => sum + part.length, (parts.length - 1) * replacement.length);
			if (length <= LONGEST) return parts.join(replacement);
			throw new TransformationProblem(
				`the text would have ${length} characters when all that is found is replaced`,
				'Put something shorter in its place, or cut the text first with "Part of a Text".',
			);
		};
	},
};
