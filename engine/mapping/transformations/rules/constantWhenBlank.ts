import { isBlank } from '../blank';
import type { Transformation } from '../transformation';

export const constantWhenBlank: Transformation = {
	name: 'constantWhenBlank',
	caption: 'Constant When Blank',
	description: 'Puts a fixed value where the source has none.',
	example: 'blank with `unknown` → `unknown`',
	parameters: [{ name: 'value', caption: 'Value', description: 'What a blank value becomes.', type: 'text', default: '', required: true }],
	seesBlank: true,
	gives: 'same',
	prepare:
		({ value: constant }) =>
		(value) =>
			isBlank(value) ? (constant as string) : value,
};
