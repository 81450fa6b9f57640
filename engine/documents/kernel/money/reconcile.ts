import { Decimal } from '../../../model/decimal';
import type { DocumentAmounts, Reconciliation } from '../../../model/documentAmounts';

export interface ToReconcile {
	/** ISO code of the documents' currency. */
	currency: string;
	crm: DocumentAmounts;
	businessCentral: DocumentAmounts;
	/** CRM's totals were calculated; otherwise there is nothing to compare with. */
	calculated: boolean;
	/** Most by which the net amounts may differ, in the documents' currency. */
	tolerance: number;
	/** What may be the cause of a difference, besides what the amounts themselves tell. */
	causes?: readonly string[];
}

/**
 * Compares the amounts of both sides without VAT: the header discount exactly, the net amount within the tolerance. VAT is told and never forced: the
 * set-up of Business Central decides it, in CRM it is typed in.
 */
export function reconcile({ currency, crm, businessCentral, calculated, tolerance, causes = [] }: ToReconcile): Reconciliation {
	const amounts = { currency, crm, businessCentral };
	if (!calculated) return { ...amounts, status: 'unchecked', causes: [] };
	const [discount, net] = [difference(crm.discount, businessCentral.discount), difference(crm.net, businessCentral.net)];
	const agrees = discount.sign === 0 && net.magnitude.minus(Decimal.orZero(tolerance)).sign <= 0;
	if (agrees) return { ...amounts, status: 'agree', causes: [] };
	return {
		...amounts,
		status: 'differ',
		causes: [
			...(discount.sign === 0 ? [] : ['the invoice discount of the customer, or lines that take part in none']),
			...(net.sign === 0 ? [] : causes),
			...(causes.length === 0 && discount.sign === 0 ? ['rounding to the currency, or a line that was changed in Business Central'] : []),
		],
	};
}

const difference = (one: number, other: number): Decimal => Decimal.orZero(one).minus(Decimal.orZero(other));

/** The two net amounts and their difference, for a message. */
export function inWords({ currency, crm, businessCentral }: Reconciliation): string {
	const off = difference(crm.net, businessCentral.net).magnitude.toFixed(2);
	const discounts =
		crm.discount === businessCentral.discount
			? ''
			: ` (header discount ${money(crm.discount)} in CRM, ${money(businessCentral.discount)} in Business Central)`;
	return `CRM says ${money(crm.net)} ${currency} without VAT, Business Central ${money(businessCentral.net)} ${currency}: ${off} ${currency} apart${discounts}`;
}

const money = (value: number): string => Decimal.orZero(value).toFixed(2);
