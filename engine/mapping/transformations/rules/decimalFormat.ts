import { Decimal } from '../../../model/decimal';
import { numberIn } from '../numbers';
import { numberOf, textOf } from '../parameters';
import { TransformationProblem, type Transformation } from '../transformation';

export const decimalFormat: Transformation = {
	name: 'decimalFormat',
	caption: 'Decimal Format',
	description: 'Writes a number as text.',
	example: '`1234.5` with 2 decimals, `,` and `.` → `1.234,50`',
	parameters: [
		{ name: 'decimals', caption: 'Decimals', description: 'Digits after the decimal sign, 0 to 10.', type: 'number', default: 2, least: 0 },
		{ name: 'decimalSign', caption: 'Decimal Sign', description: 'Between whole and decimals.', type: 'text', default: '.' },
		{
			name: 'groupSign',
			caption: 'Thousands Sign',
			description: 'Between groups of three digits; empty for none.',
			type: 'text',
			default: '',
		},
	],
	gives: 'text',
	prepare(parameters) {
		const decimals = numberOf(parameters, 'decimals');
		if (!Number.isInteger(decimals) || decimals > 10) {
			throw new TransformationProblem('Decimals must be a whole number from 0 to 10', 'Choose how many digits follow the decimal sign.');
		}
		const [sign, group] = [textOf(parameters, 'decimalSign') || '.', textOf(parameters, 'groupSign')];
		return (value) => {
			const text = Decimal.of(numberIn(value))!.toFixed(decimals);
			const [whole = '', fraction] = text.replace('-', '').split('.');
			const grouped = whole.replace(/\B(?=(\d{3})+$)/g, () => group);
			return `${text.startsWith('-') ? '-' : ''}${grouped}${fraction === undefined ? '' : sign + fraction}`;
		};
	},
};
