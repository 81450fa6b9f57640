import { Decimal } from '../../model/decimal';
import { SyncError } from '../../model/errors';
import { plannedHeader } from './header';
import { linesMissing } from './invoiceErrors';
import type { InvoiceLookups } from './invoiceLookups';
import type { InvoiceWork, PlannedInvoice } from './invoiceWork';
import { plannedLines } from './lines';

/**
 * What an invoice is to be in CRM, or why it cannot be that. Pure: the same invoice and the same look-ups always come to the same plan, also in a preview.
 */
export function planInvoice(
	companyId: string,
	work: Pick<InvoiceWork, 'invoice' | 'lines'>,
	lookups: InvoiceLookups,
): { plan: PlannedInvoice } | { error: SyncError } {
	try {
		return { plan: planned(companyId, work, lookups) };
	} catch (error) {
		if (error instanceof SyncError) return { error };
		throw error;
	}
}

function planned(companyId: string, { invoice, lines }: Pick<InvoiceWork, 'invoice' | 'lines'>, lookups: InvoiceLookups): PlannedInvoice {
	if (lines.length === 0) throw linesMissing(invoice);
	// The shares of the lines are without VAT, whatever the prices of the invoice are.
	const discount = lines.reduce((sum, line) => sum.plus(Decimal.orZero(line.discountShare)), Decimal.ZERO);
	const { currency } = plannedHeader(invoice, lookups, discount.toNumber(), []);
	const below = plannedLines({ companyId, invoice, lookups, places: currency.places }, lines);
	const header = plannedHeader(invoice, lookups, discount.toNumber(), below.comments);
	return {
		...header,
		lines: below.lines,
		prices: below.prices,
		lost: below.lost,
		amounts: { discount: discount.toNumber(), net: invoice.net, tax: invoice.tax, total: invoice.total },
	};
}
