import { Decimal } from '../../model/decimal';
import type { TableSource } from '../../model/record';
import type { SyncSession } from '../../ports/session';

export const CORRECTION_FIELDS = [
	'documentType',
	'billToCustomerNumber',
	'shipmentNumber',
	'outstandingAmountLcy',
	'prepmtAmountInvLcy',
	'prepmtVatAmountInvLcy',
	'returnRcdNotInvdLcy',
] as const;

/** Of a customer, in local currency: what the total counts too often, and the prepayments that were invoiced. */
export interface Correction {
	total: Decimal;
	prepayments: Decimal;
}

/**
 * Lines whose amounts the sum of balance and outstanding amounts holds twice or should not hold (table 18, GetTotalAmountLCY): invoice lines made of
 * shipments, which stand among shipped not invoiced, too; prepayments that were invoiced; returns that were received. By number of the bill-to customer;
 * few, and read once a run.
 */
export async function readCorrections({ businessCentral }: SyncSession, lines: TableSource): Promise<Map<string, Correction>> {
	const found = new Map<string, Correction>();
	for (const filter of [
		"documentType eq 'Invoice' and shipmentNumber ne ''",
		"documentType eq 'Order' and prepmtAmountInvLcy ne 0",
		"documentType eq 'Return Order' and returnRcdNotInvdLcy ne 0",
	]) {
		for (const row of await businessCentral.readAll(`ODataV4/${lines.name}`, CORRECTION_FIELDS, filter)) {
			const number = String(row['billToCustomerNumber'] ?? '');
			const of = (field: string): Decimal => Decimal.orZero(row[field]);
			const before = found.get(number) ?? { total: Decimal.ZERO, prepayments: Decimal.ZERO };
			const prepaid = row['documentType'] === 'Order' ? of('prepmtAmountInvLcy').plus(of('prepmtVatAmountInvLcy')) : Decimal.ZERO;
			const more = row['documentType'] === 'Invoice' ? of('outstandingAmountLcy') : row['documentType'] === 'Order' ? prepaid : of('returnRcdNotInvdLcy'); // prettier-ignore
			found.set(number, { total: before.total.plus(more), prepayments: before.prepayments.plus(prepaid) });
		}
	}
	return found;
}
