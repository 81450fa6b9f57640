import { numberIn, round } from '../numbers';
import { numberOf, textOf } from '../parameters';
import { TransformationProblem, type Transformation } from '../transformation';

export const rounding: Transformation = {
	name: 'rounding',
	caption: 'Rounding',
	description: 'Rounds a number.',
	example: '`12.345` to 2 decimals → `12.35`',
	parameters: [
		{
			name: 'decimals',
			caption: 'Decimals',
			description: 'Digits that stay after the decimal sign; -2 rounds to hundreds.',
			type: 'number',
			default: 2,
			least: -10,
		},
		{
			name: 'method',
			caption: 'Method',
			description: 'To the nearest, away from zero, or towards zero.',
			type: 'choice',
			choices: [
				{ value: 'nearest', caption: 'Nearest' },
				{ value: 'up', caption: 'Up (Away From Zero)' },
				{ value: 'down', caption: 'Down (Towards Zero)' },
			],
			default: 'nearest',
		},
	],
	gives: 'number',
	prepare(parameters) {
		const [decimals, method] = [numberOf(parameters, 'decimals'), textOf(parameters, 'method')];
		if (!Number.isInteger(decimals) || decimals > 10) {
			throw new TransformationProblem(
				'Decimals must be a whole number from -10 to 10',
				'Choose how many digits stay after the decimal sign.',
			);
		}
		return (value) => round(numberIn(value), decimals, method);
	},
};
