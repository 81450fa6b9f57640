import fc from 'fast-check';
import { Decimal, product } from '../../../engine/model/decimal';
import { prepareRule } from '../../../engine/mapping/transformations/apply';

test.each([
	[1.005, 2, 1.01],
	[-1.005, 2, -1.01],
	[8.345, 2, 8.35],
	[2.5, 0, 3],
	[-2.5, 0, -3],
	[1e-7, 2, 0],
	[-0.004, 2, 0],
	[1250, -2, 1300],
	[1.1, 5, 1.1],
	[123456789012.345, 2, 123456789012.35],
	[1e21, 2, 1e21],
])('%d to %d places is %d', (value, places, expected) => {
	expect(Decimal.of(value)!.rounded(places).toNumber()).toBe(expected);
});

test.each([
	[3, 0.335, 1.005],
	[1.15, 0.3, 0.345],
	[0.1, 0.2, 0.02],
	[-1.1, 1.1, -1.21],
	[1e-10, 1e10, 1],
])('%d × %d is %d', (one, other, expected) => expect(product(one, other)).toBe(expected));

test.each([
	[1, 3, 5, 0.33333],
	[2, 3, 5, 0.66667],
	[-1, 8, 2, -0.13],
	[1, 0.00008, 0, 12_500],
])('%d / %d to %d places is %d', (one, other, places, expected) => {
	expect(Decimal.of(one)!.dividedBy(Decimal.of(other)!, places)!.toNumber()).toBe(expected);
});

test('nothing is divided by nothing, and what is no number is none', () => {
	expect(Decimal.of(1)!.dividedBy(Decimal.of(0)!, 2)).toBeNull();
	for (const value of [NaN, Infinity, 'ten', '', '1e999']) expect(Decimal.of(value)).toBeNull();
	expect(product(NaN, 1)).toBeNaN();
});

test('rounding goes to one of the neighbours, the nearer one, and away from zero when both are as near', () => {
	fc.assert(
		fc.property(
			fc.integer({ min: -1e9, max: 1e9 }),
			fc.integer({ min: 0, max: 5 }),
			fc.integer({ min: 0, max: 5 }),
			(digits, scale, places) => {
				const value = Number(`${digits}e-${scale}`);
				const unit = 10n ** BigInt(Math.max(0, scale - places));
				const [over, rest] = [BigInt(Math.abs(digits)) / unit, BigInt(Math.abs(digits)) % unit];
				const whole = over + (rest * 2n >= unit && unit > 1n ? 1n : 0n);
				const expected = Number(`${digits < 0 ? '-' : ''}${whole}e-${Math.min(scale, places)}`);
				expect(Decimal.of(value)!.rounded(places).toNumber()).toBe(expected === 0 ? 0 : expected);
			},
		),
	);
});

test.each([
	[1.005, '1.01'],
	[-0.001, '0.00'],
	[1e21, '1,000,000,000,000,000,000,000.00'],
	[-1234.5, '-1,234.50'],
])('the rule Decimal Format writes %d as %s', (value, text) => {
	expect(prepareRule({ rule: 'decimalFormat', parameters: { decimals: 2, groupSign: ',' } })(value)).toBe(text);
});
