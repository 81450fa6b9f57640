import { SyncError } from '../../model/errors';
import { Decimal } from '../../model/decimal';
import { crmAmounts, headerDiscount, isCalculated } from '../kernel/money/crmAmounts';
import type { PlannedDocument } from '../kernel/plannedDocument';
import type { SalesDocument, SalesLine } from '../kernel/salesDocument';
import { plannedHeader } from './header';
import { plannedLines } from './lines';
import { pricingError } from './orderErrors';
import type { OrderLookups, Planned } from './orderLookups';
import { pricingErrorMeaning } from './pricingErrors';

/**
 * What an order is to be in Business Central, or why it cannot be that. Pure: the same order and the same look-ups always come to the same plan, also in a
 * preview.
 * @param lines in order
 */
export function planOrder(order: SalesDocument, lines: readonly SalesLine[], lookups: OrderLookups): Planned<PlannedDocument> {
	try {
		return { plan: planned(order, lines, lookups) };
	} catch (error) {
		if (error instanceof SyncError) return { error };
		throw error;
	}
}

function planned(order: SalesDocument, lines: readonly SalesLine[], lookups: OrderLookups): PlannedDocument {
	if (order.pricingError !== 0) throw pricingError(order, 'the order', pricingErrorMeaning(order.pricingError));
	const header = plannedHeader(order, lookups);
	const { places, code } = header.currency;
	const { lines: below, net } = plannedLines(order, lines, lookups, places);
	const discount = headerDiscount(order.money, net, places);
	const total = net.minus(discount).plus(Decimal.orZero(order.money.freight > 0 ? order.money.freight : 0));
	const calculated = isCalculated(order.money, net);
	return {
		header: header.properties,
		lines: below,
		discount: discount.toNumber(),
		externalNumber: header.externalNumber,
		marker: header.marker,
		amounts: crmAmounts(order.money, net, places),
		planned: { discount: discount.toNumber(), net: total.toNumber(), tax: 0, total: total.toNumber() },
		calculated,
		currency: code,
		causes: below.some(({ grossPrice }) => grossPrice !== undefined) ? ['prices that include VAT'] : [],
		warnings: header.warnings,
	};
}
