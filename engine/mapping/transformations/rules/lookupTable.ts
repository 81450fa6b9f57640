import { isOn, rowsOf, textOf } from '../parameters';
import { type Transformation, TransformationProblem } from '../transformation';
import type { FieldValue } from '../../../model/record';

export const lookupTable: Transformation = {
	name: 'lookupTable',
	caption: 'Lookup Table',
	description: 'Replaces whole values by others, from a list.',
	example: '`DE` → `Germany`, `GB` → `United Kingdom`',
	parameters: [
		{ name: 'values', caption: 'Values', description: 'Each value, and what it becomes.', type: 'pairs', default: '', required: true },
		{
			name: 'otherwise',
			caption: 'Otherwise',
			description: 'What becomes of a value that is not in the list.',
			type: 'choice',
			choices: [
				{ value: 'keep', caption: 'Keep It' },
				{ value: 'blank', caption: 'Make It Blank' },
				{ value: 'fail', caption: 'Fail the Record' },
			],
			default: 'keep',
		},
		{
			name: 'ignoreCase',
			caption: 'Ignore Case',
			description: 'Whether capital and small letters are alike.',
			type: 'switch',
			default: true,
		},
	],
	gives: 'same',
	prepare(parameters) {
		const key = (value: FieldValue): string => {
			const text = String(value).trim();
			return isOn(parameters, 'ignoreCase') ? text.toLowerCase() : text;
		};
		const table = new Map<string, FieldValue>();
		for (const row of rowsOf(parameters, 'values')) {
			const from = key(row['from'] ?? '');
			if (table.has(from)) throw new TransformationProblem(`the list has "${String(row['from'])}" twice`, 'Leave one of them out.');
			table.set(from, row['to'] ?? '');
		}
		const otherwise = textOf(parameters, 'otherwise');
		return (value) => {
			const found = table.get(key(value));
			if (found !== undefined) return found;
			if (otherwise === 'blank') return '';
			if (otherwise === 'keep') return value;
			throw new TransformationProblem(
				`"${String(value).slice(0, 40)}" is not in the list`,
				'Add it to the list of the rule, or correct the value.',
			);
		};
	},
};
