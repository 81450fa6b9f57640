import { Decimal } from '../../model/decimal';
import type { DocumentAmounts, Reconciliation } from '../../model/documentAmounts';
import type { SystemRecord } from '../../model/record';
import { reconcile } from '../kernel/money/reconcile';
import type { InvoiceWork } from './invoiceWork';
import { roundingId } from './ids';

const of = (value: unknown): Decimal => Decimal.orZero(typeof value === 'number' ? value : 0);

/** Totals of an invoice as CRM has calculated them. */
export function crmTotals({ values }: SystemRecord): DocumentAmounts {
	return {
		discount: of(values['totallineitemamount']).minus(of(values['totalamountlessfreight'])).toNumber(),
		net: of(values['totalamountlessfreight']).plus(of(values['freightamount'])).toNumber(),
		tax: of(values['totaltax']).toNumber(),
		total: of(values['totalamount']).toNumber(),
	};
}

/**
 * An organization that calculates no prices, or not those that an integration user writes, leaves the totals empty, or 0 beside lines that have amounts
 * (https://learn.microsoft.com/dynamics365/sales/developer/sales-order-processing-integration).
 */
export const isCalculated = ({ crm, plan }: InvoiceWork): boolean => {
	const { totallineitemamount: detail, totalamount: total } = crm!.values;
	if (typeof detail !== 'number' || typeof total !== 'number') return false;
	const sold = plan!.lines.some(({ values }) => values['priceperunit'] !== 0);
	return !sold || detail !== 0 || of(plan!.amounts.net).plus(of(plan!.amounts.discount)).sign === 0;
};

export interface Rounding {
	price: Decimal;
	tax: Decimal;
}

/**
 * What the rounding line is to hold so that both sides come to the same, whatever it holds now: null where that is more than rounding leaves over, which
 * is the tolerance, and what the prices lose by the digits that CRM keeps.
 */
export function roundingOf(companyId: string, { crm, crmLines = [], plan, row }: InvoiceWork, tolerance: number): Rounding | null {
	const now = crmTotals(crm!);
	const line = crmLines.find(({ id }) => id === roundingId(companyId, row.id))?.values ?? {};
	const price = of(plan!.amounts.net).minus(of(now.net)).plus(of(line['priceperunit']));
	const tax = of(plan!.amounts.tax).minus(of(now.tax)).plus(of(line['tax']));
	const most = of(tolerance);
	const isRounding = price.minus(plan!.lost).magnitude.minus(most).sign <= 0 && tax.magnitude.minus(most).sign <= 0;
	return isRounding ? { price, tax } : null;
}

/** Compares what CRM has calculated with Business Central: the discount exactly, the rest within the tolerance. */
export function compared({ crm, plan }: InvoiceWork, tolerance: number): Reconciliation {
	const found = crmTotals(crm!);
	const given = { currency: plan!.currency.code, crm: found, businessCentral: plan!.amounts, calculated: true, tolerance };
	const reconciliation = reconcile({ ...given, causes: ['lines that were added or changed in CRM', 'volume discounts or prices of CRM'] });
	const tax = of(found.tax).minus(of(plan!.amounts.tax)).magnitude;
	if (tax.minus(of(tolerance)).sign <= 0) return reconciliation;
	return { ...reconciliation, status: 'differ', causes: [...reconciliation.causes, 'VAT that was changed in CRM'] };
}

/** Both totals and their difference, for a message. */
export function inWords({ currency, crm, businessCentral }: Reconciliation): string {
	const off = of(crm.total).minus(of(businessCentral.total)).magnitude;
	const money = (value: number): string => `${of(value).toFixed(2)} ${currency}`;
	const words = `Business Central says ${money(businessCentral.total)} with VAT, CRM ${money(crm.total)}: ${off.toFixed(2)} ${currency} apart`;
	const parts = (
		[
			['without VAT', 'net'],
			['VAT', 'tax'],
			['invoice discount', 'discount'],
		] as const
	).filter(([, part]) => crm[part] !== businessCentral[part]);
	const details = parts.map(([name, part]) => `${name} ${money(businessCentral[part])} and ${money(crm[part])}`);
	return details.length === 0 ? words : `${words} (${details.join(', ')})`;
}
