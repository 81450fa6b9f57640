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
	const shifted = shiftedBy(Math.abs(value), decimals);
	if (!Number.isFinite(shifted)) return value;
	const whole = method === 'up' ? Math.ceil(shifted) : method === 'down' ? Math.floor(shifted) : Math.round(shifted);
	const result = shiftedBy(whole, -decimals) * Math.sign(value);
	return result === 0 ? 0 : result;
}

/** The decimal sign moved by so many places, in the digits themselves; very small and very large numbers have an exponent already. */
function shiftedBy(value: number, places: number): number {
	const [digits, exponent = '0'] = String(value).split('e');
	return Number(`${digits}e${Number(exponent) + places}`);
}
