import { Decimal } from '../../model/decimal';
import type { FieldValue } from '../../model/record';

const ZERO = Decimal.of(0)!;
/** Digits of a quotient, more than any service keeps of a price. */
const PLACES = 20;

/** A price or quantity as a service shows it; nothing is 0. */
export const amountOf = (value: FieldValue | undefined): Decimal => (typeof value === 'number' ? Decimal.of(value) : null) ?? ZERO;

/** What a price for one base unit is for another unit of the group. Multiplied before it is divided, so that three thirds are one. */
export const amountIn = (price: Decimal, quantity: number, ofBase: number): Decimal =>
	price.times(amountOf(quantity)).dividedBy(amountOf(ofBase), PLACES) ?? price;
