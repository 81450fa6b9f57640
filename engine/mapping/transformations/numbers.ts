import { Decimal } from '../../model/decimal';
import { TransformationProblem } from './transformation';
import type { FieldValue } from '../../model/record';

/** @throws TransformationProblem when the value is no number */
export function numberIn(value: FieldValue): number {
	const number = typeof value === 'number' ? value : Number(String(value).trim());
	if (Number.isFinite(number) && typeof value !== 'boolean') return number;
	throw new TransformationProblem(`"${String(value).slice(0, 40)}" is no number`, 'Use the rule on a field that holds a number.');
}

/**
 * Rounded to a number of decimals: `nearest` half away from zero (as money is), `up` away from zero, `down` towards zero. Works on the decimal
 * digits, so that 1.005 becomes 1.01.
 */
export function round(value: number, decimals: number, method: string): number {
	const how = method === 'up' || method === 'down' ? method : 'nearest';
	return Decimal.of(value)?.rounded(decimals, how).toNumber() ?? value;
}
