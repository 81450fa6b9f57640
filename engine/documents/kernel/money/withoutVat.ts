import { Decimal } from '../../../model/decimal';

/** Business Central keeps unit prices to five places unless its set-up says otherwise. */
const PRICE_PLACES = 5;

/** A price that includes VAT, without it: price ÷ (1 + VAT % ÷ 100), to five places, half away from zero. */
export function withoutVat(price: number, vatPercent: number): number {
	const rate = Decimal.orZero(vatPercent).times(Decimal.orZero(0.01)).plus(Decimal.orZero(1));
	return (Decimal.orZero(price).dividedBy(rate, PRICE_PLACES) ?? Decimal.ZERO).toNumber();
}
