import { Decimal } from '../../../model/decimal';
import type { DocumentAmounts } from '../../../model/documentAmounts';

/** Totals of a CRM header as they stand in the row; null where the service calculated none. */
export interface HeaderMoney {
	discountAmount: number;
	discountPercent: number;
	freight: number;
	/** `totallineitemamount`: lines less their discounts. */
	detail: number | null;
	/** `totalamountlessfreight`: that less the header discount. */
	lessFreight: number | null;
	tax: number | null;
	total: number | null;
}

/** Whether the totals can be compared with anything: an organization that does not calculate leaves them empty, or 0 beside lines that have amounts. */
export const isCalculated = ({ detail, lessFreight }: HeaderMoney, lines: Decimal): boolean =>
	detail !== null && lessFreight !== null && (detail !== 0 || lines.sign === 0);

/**
 * Amounts of the header by its own totals, or by its lines where the service calculated none.
 * @param lines sum of the lines less their discounts
 */
export function crmAmounts(header: HeaderMoney, lines: Decimal, places: number): DocumentAmounts {
	const freight = Decimal.orZero(header.freight);
	const tax = Decimal.orZero(header.tax);
	const discount = headerDiscount(header, lines, places);
	const detail = isCalculated(header, lines) ? Decimal.orZero(header.detail) : lines;
	const net = detail.minus(discount).plus(freight);
	return {
		discount: discount.toNumber(),
		net: net.toNumber(),
		tax: tax.toNumber(),
		total: isCalculated(header, lines) ? Decimal.orZero(header.total).toNumber() : net.plus(tax).toNumber(),
	};
}

/** What the header takes off its lines; 0 where it gives no discount. */
export function headerDiscount(header: HeaderMoney, lines: Decimal, places: number): Decimal {
	if (header.discountAmount === 0 && header.discountPercent === 0) return Decimal.ZERO;
	if (isCalculated(header, lines)) return Decimal.orZero(header.detail).minus(Decimal.orZero(header.lessFreight)).rounded(places);
	const share = lines.times(Decimal.orZero(header.discountPercent)).times(Decimal.orZero(0.01));
	return Decimal.orZero(header.discountAmount).plus(share).rounded(places);
}
