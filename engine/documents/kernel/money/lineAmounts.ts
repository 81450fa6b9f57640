import { Decimal } from '../../../model/decimal';

/** How a manual discount counts: once for the line, or for each unit (`organization.discountcalculationmethod` 0 and 1). */
export type DiscountMethod = 'lineItem' | 'perUnit';

/** What a line of CRM says of its money; in document currency. */
export interface LineMoney {
	quantity: number;
	price: number;
	/** For each unit. */
	volumeDiscount: number;
	manualDiscount: number;
	tax: number;
	/** As the service has calculated it; null where it calculated nothing. */
	extended: number | null;
}

/** All without VAT. */
export interface LineAmounts {
	gross: Decimal;
	discount: Decimal;
	net: Decimal;
}

const of = (value: number): Decimal => Decimal.orZero(value);

/**
 * Amounts of a line: price × quantity, less volume discount × quantity and the manual discount, each rounded to the currency, half away from zero.
 * @param places digits of the currency behind the decimal sign
 */
export function lineAmounts(line: LineMoney, method: DiscountMethod, places: number): LineAmounts {
	const quantity = of(line.quantity);
	const gross = of(line.price).times(quantity).rounded(places);
	const manual = of(line.manualDiscount).times(method === 'perUnit' ? quantity : of(1));
	// A discount needs a quantity (TestField of table Sales Line, validation of Line Discount Amount).
	const discount = quantity.sign === 0 ? Decimal.ZERO : of(line.volumeDiscount).times(quantity).plus(manual).rounded(places);
	return { gross, discount, net: gross.minus(discount) };
}

/**
 * The way in which the service has calculated the line: what the organization says, or the other way where only that one comes to the line's extended
 * amount (which rounding of prices and of discounts for each unit may move by half a cent a unit). Null where neither does: the totals cannot be trusted.
 */
export function methodOf(line: LineMoney, says: DiscountMethod, places: number): DiscountMethod | null {
	if (line.extended === null) return says;
	const allowed = of(line.quantity).magnitude.times(of(0.005)).plus(of(0.01));
	const fits = (method: DiscountMethod): boolean => {
		const expected = lineAmounts(line, method, places).net.plus(of(line.tax));
		return expected.minus(of(line.extended!)).magnitude.minus(allowed).sign <= 0;
	};
	if (fits(says)) return says;
	const other: DiscountMethod = says === 'perUnit' ? 'lineItem' : 'perUnit';
	return fits(other) ? other : null;
}
