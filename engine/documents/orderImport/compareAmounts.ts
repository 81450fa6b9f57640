import { amountsKey, type DocumentAmounts, type Reconciliation } from '../../model/documentAmounts';
import { Decimal } from '../../model/decimal';
import type { CoupledDocument } from '../../model/document';
import type { SystemRecord } from '../../model/record';
import { contentOf } from '../kernel/fingerprint';
import { inWords, reconcile } from '../kernel/money/reconcile';
import { coupledLines, vatRemoved } from './completeOrders';
import type { ImportContext } from './importContext';
import type { OrderWork } from './orderWork';
import { amountsDiffer } from './orderErrors';

/**
 * Compares the amounts of both sides once everything is written, and makes durable what was found. Answers the orders that may be handed over: those that
 * agree, and those whose difference is only to be told or was accepted by a person. The others are held: they stay as they are, and nothing is deleted.
 */
export async function compareAmounts(context: ImportContext, works: readonly OrderWork[]): Promise<OrderWork[]> {
	const { job, report, settings, accepts } = context;
	const documents: CoupledDocument[] = [];
	const ready: OrderWork[] = [];
	for (const work of works) {
		const amounts = reconciled(work, settings.amountTolerance);
		const isAccepted = accepts || work.document!.accepted === amountsKey(amounts);
		const isHeld = amounts.status === 'differ' && settings.amountPolicy === 'hold' && !isAccepted;
		const document: CoupledDocument = {
			...work.document!,
			stage: isHeld ? 'held' : work.document!.stage === 'handedOver' ? 'handedOver' : 'open',
			bcNumber: work.bc!.number,
			...(accepts ? { accepted: amountsKey(amounts), content: contentOf(work.order, work.lines) } : {}),
			amounts,
			goneSince: null,
			lines: coupledLines(work),
		};
		documents.push(document);
		const next = { ...work, document };
		if (isHeld) report.fail(next, amountsDiffer(work.order, work.bc!.number, inWords(amounts), amounts.causes));
		else ready.push(told(context, next, amounts, isAccepted));
	}
	if (documents.length > 0) await job.commit({ documents, ...report.take() });
	return ready;
}

function told({ report }: ImportContext, work: OrderWork, amounts: Reconciliation, isAccepted: boolean): OrderWork {
	if (amounts.status === 'differ' && !isAccepted) {
		const { message, hint } = amountsDiffer(work.order, work.bc!.number, inWords(amounts), amounts.causes);
		report.warn(work, message.replace(/^Order [^:]*: /, ''), { code: 'AMOUNTS_DIFFER', hint });
	}
	if (amounts.status === 'unchecked') {
		const hint = 'Switch the price calculation of CRM on, or compare the order with that of Business Central by hand.';
		report.warn(work, 'CRM has calculated no totals for it, so that its amounts were not compared.', { code: 'AMOUNTS_UNCHECKED', hint });
	}
	return work;
}

function reconciled(work: OrderWork, tolerance: number): Reconciliation {
	const { plan, bc } = work;
	const removed = vatRemoved(work).reduce(
		(sum, { quantity, gross, net }) =>
			sum.plus(
				Decimal.orZero(quantity)
					.times(Decimal.orZero(gross).minus(Decimal.orZero(net)))
					.rounded(2),
			),
		Decimal.ZERO,
	);
	const found = reconcile({
		currency: plan!.currency,
		// The VAT that prices lost is none of the difference.
		crm: { ...plan!.amounts, net: Decimal.orZero(plan!.amounts.net).minus(removed).toNumber() },
		businessCentral: amountsOf(bc!),
		calculated: plan!.calculated,
		tolerance,
		causes: plan!.causes,
	});
	return { ...found, crm: plan!.amounts };
}

/** Amounts of an order of Business Central as API v2.0 shows them. */
export function amountsOf({ values }: SystemRecord): DocumentAmounts {
	const amount = (name: string): number => Number(values[name] ?? 0);
	return {
		discount: amount('discountAmount'),
		net: amount('totalAmountExcludingTax'),
		tax: amount('totalTaxAmount'),
		total: amount('totalAmountIncludingTax'),
	};
}
